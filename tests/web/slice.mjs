// The page of the slice: hands deeds to the Worker.
const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
worker.onerror = (event) => console.error(event.message);
worker.onmessage = ({ data: { id, value, error, progress } }) => {
	const { resolve, reject, seen } = waiting.get(id);
	if (progress) return seen.push(progress);
	waiting.delete(id);
	if (error === undefined) resolve({ value, progress: seen });
	else reject(new Error(error));
};

let last = 0;
/** Has the Worker do something; gives its value, and the progress that it reported. */
globalThis.client = (deed, ...words) => new Promise((resolve, reject) => {
	last += 1;
	waiting.set(last, { resolve, reject, seen: [] });
	worker.postMessage({ id: last, deed, words });
});
