/** Leads the person to a field that is wrong, unless a list of all that is wrong does (ErrorSummary.svelte). */
export function leadTo(field: HTMLElement | undefined): void {
	if (!document.querySelector('.errors')) field?.focus();
}
