import { ConnectionError, refusal } from "./errors.js";
import type { Fetch } from "./platform.js";

/** Asks by HTTP POST. */
export async function post(
	fetch: Fetch,
	url: string,
	method: string,
	params: object,
	timeout: number,
	signal: AbortSignal | undefined,
): Promise<unknown> {
	const enough = new AbortController();
	const limit = setTimeout(() => enough.abort(), timeout);
	const stop = () => enough.abort();
	signal?.throwIfAborted();
	signal?.addEventListener("abort", stop);
	let status: number | undefined;
	let answer;
	try {
		const response = await fetch(url, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
			signal: enough.signal,
		});
		status = response.status;
		const text = await response.text();
		if (!response.ok) throw new Error(text.slice(0, 200));
		answer = JSON.parse(text);
	} catch (cause) {
		signal?.throwIfAborted();
		const why = enough.signal.aborted ? `no answer within ${timeout} ms` : reason(cause);
		const said = status === undefined ? "" : `HTTP ${status}: `;
		throw new ConnectionError(`${url}: ${said}${why}`, status, { cause });
	} finally {
		clearTimeout(limit);
		signal?.removeEventListener("abort", stop);
	}
	if (answer?.error) throw refusal(answer.error);
	if (answer?.result === undefined) throw new ConnectionError(`${url} does not speak JSON-RPC`, status);
	return answer.result;
}

// `fetch` hides why in the cause.
function reason(why: unknown): string {
	if (!(why instanceof Error)) return String(why);
	return why.cause instanceof Error ? why.cause.message : why.message;
}
