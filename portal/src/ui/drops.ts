// Files that are dropped where nothing takes them. The browser would leave the page to show them, and the account would be locked.

function refuse(event: DragEvent): void {
	const { dataTransfer, target } = event;
	if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return;
	// A field for files takes them by itself.
	if (target instanceof HTMLInputElement && target.type === 'file') return;
	event.preventDefault();
	dataTransfer.dropEffect = 'none';
}

/** From now on, only what takes files gets them. */
export function refuseDrops(): void {
	addEventListener('dragover', refuse);
	addEventListener('drop', refuse);
}
