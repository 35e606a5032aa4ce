// Where the person is: everything after the address's #, so that a static folder can serve every page.

/** A place in the portal. */
export interface Route {
	/** The parts of the path. */
	path: string[];
	/** What follows the question mark. */
	query: URLSearchParams;
	/** The hash as it stands in the address. */
	hash: string;
}

/** A form whose steps are places of the history at one address: ui/steps.svelte.ts. */
export interface PlacesOfSteps {
	/** The browser has come to another place at the form's address. */
	arrive(): void;
	/** The place that was left is put after the one where the browser is now: the person is kept on the page. */
	stay(address: string): void;
}

function parse(hash: string): Route {
	const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
	const parts = path.split('/').filter(Boolean).map((part) => {
		try {
			return decodeURIComponent(part);
		} catch {
			return part;
		}
	});
	return { path: parts, query: new URLSearchParams(query), hash };
}

let current = $state.raw<Route>(parse(location.hash));
let held = 0;
let moved = false;
let refused: (() => void) | null = null;
let steps: PlacesOfSteps | null = null;

/** The place. */
export function route(): Route {
	return current;
}

/** Whether the person has moved or pressed anything since the page was loaded: only then may a page take the focus. */
export function hasMoved(): boolean {
	return moved;
}

/** The address of a place. */
export function to(path: string, query?: Record<string, string>): string {
	const search = query && Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : '';
	return `#/${path}${search}`;
}

/** Goes to a place. With `replace`, the way back leaves out the place that is left: a form that was sent. */
export function go(path: string, options: { replace?: boolean; query?: Record<string, string> } = {}): void {
	const hash = to(path, options.query);
	if (options.replace) {
		history.replaceState(null, '', hash);
		arrive();
	} else if (location.hash === hash) arrive();
	else location.hash = hash;
}

function arrive(): void {
	moved = true;
	current = parse(location.hash);
}

/** Keeps the person on the page while something is being signed; gives what ends that. */
export function hold(): () => void {
	held += 1;
	let ended = false;
	return () => {
		if (!ended) held -= 1;
		ended = true;
	};
}

/** Whether the person is kept on the page. */
export function isHeld(): boolean {
	return held > 0;
}

/** Sets what happens when the person wants to leave a page that is held. */
export function onRefusal(listener: () => void): void {
	refused = listener;
}

/** Has this form told when the browser comes to another of its places; gives what ends that. */
export function withSteps(form: PlacesOfSteps): () => void {
	steps = form;
	return () => {
		if (steps === form) steps = null;
	};
}

/** Undoes a step back, so that what is being signed has its page, and nothing is sent twice. */
function stay(): void {
	const address = current.hash || '#/';
	if (steps) steps.stay(address);
	else history.pushState(null, '', address);
	refused?.();
}

addEventListener('hashchange', () => {
	if (held > 0 && location.hash !== current.hash) stay();
	else arrive();
});

addEventListener('popstate', () => {
	// Other addresses are the matter of the event that follows.
	if (steps === null || location.hash !== current.hash) return;
	if (held > 0) stay();
	else {
		moved = true;
		steps.arrive();
	}
});

// An account that was unlocked, and the next step of a form, take the place of what was pressed: with it the focus would go.
addEventListener(
	'click',
	(event) => {
		moved = true;
		if (held > 0 && leaves(event)) {
			// Followed and undone, it would leave its place in the history.
			event.preventDefault();
			refused?.();
		}
	},
	{ capture: true },
);

/** Whether a click follows a link to another place, in this tab. */
function leaves(event: MouseEvent): boolean {
	const link = event.target instanceof Element ? event.target.closest('a') : null;
	if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
	return link.hash.startsWith('#/') && link.hash !== location.hash;
}

addEventListener('beforeunload', (event) => {
	if (held > 0) event.preventDefault();
});
