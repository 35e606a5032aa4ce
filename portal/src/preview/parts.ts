// The few elements that a preview is made of. All text goes in as text.
import type { Labels } from './messages';

let labels: Labels = {};

export function setLabels(given: Labels): void {
	labels = given;
}

/** A sentence of the page's language. */
export function label(key: string, values: Record<string, string | number> = {}): string {
	return (labels[key] ?? key).replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export function element<Name extends keyof HTMLElementTagNameMap>(name: Name, text?: string, className?: string): HTMLElementTagNameMap[Name] {
	const made = document.createElement(name);
	if (text !== undefined) made.textContent = text;
	if (className !== undefined) made.className = className;
	return made;
}

/** A table whose first column names its rows. */
export function table(head: string[], rows: string[][]): HTMLElement {
	const made = element('table');
	if (head.length > 0) {
		const line = made.createTHead().insertRow();
		for (const title of head) {
			const cell = line.appendChild(element('th', title));
			cell.scope = 'col';
		}
	}
	const body = made.createTBody();
	for (const row of rows) {
		const line = body.insertRow();
		row.forEach((text, index) => {
			if (index === 0) {
				const cell = line.appendChild(element('th', text));
				cell.scope = 'row';
				cell.dir = 'auto';
			} else {
				const cell = line.insertCell();
				cell.textContent = text;
				cell.dir = 'auto';
			}
		});
	}
	const scroll = element('div', undefined, 'scroll');
	scroll.append(made);
	return scroll;
}
