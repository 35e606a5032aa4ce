import type { METHOD_ERRORS } from "./generated.js";

/** Codes of refusals. They never change their meaning; messages may. */
export const ErrorCode = {
	/** A parameter is missing, malformed or out of bounds. */
	InvalidParams: -32602,
	/** This node does not know the block. */
	UnknownBlock: -32001,
	/** This node has discarded the block's state: ask an archive node. */
	StatePruned: -32002,
	/** The block is on an abandoned fork. */
	AbandonedFork: -32003,
	/** There is no such patient, doctor, hospital or record. */
	NotFound: -32004,
	/** An inbox cannot begin there; see {@link AfterOutOfRange}. */
	AfterOutOfRange: -32005,
	/** The runtime could not answer. */
	Internal: -32603,
	/** There are too many subscriptions on this connection: use another client for some. */
	TooManySubscriptions: -32006,
	/** The request is too large. */
	RequestTooLarge: -32007,
	/** The answer would be too large: ask for a smaller page. */
	AnswerTooLarge: -32008,
	/** This method does not exist, or a proxy does not let it through. */
	MethodNotFound: -32601,
} as const;

// Every code that the OpenRPC document knows has a name here, or this does not compile.
type Missing = Exclude<keyof typeof METHOD_ERRORS, `${(typeof ErrorCode)[keyof typeof ErrorCode]}`>;
const _complete: [Missing] extends [never] ? true : Missing = true;
void _complete;

/** What a node refused. */
export class RpcError extends Error {
	override readonly name: string = "RpcError";

	constructor(
		/** Why, as one of {@link ErrorCode}, or another code of JSON-RPC. */
		readonly code: number,
		message: string,
		/** What the node adds, if it does. */
		readonly data?: unknown,
	) {
		super(message);
	}
}

/** An inbox cannot begin there. */
export class AfterOutOfRange extends RpcError {
	override readonly name = "AfterOutOfRange";

	constructor(
		message: string,
		/** The lowest number that `after` may be. */
		readonly lowest: number,
		/** The highest: the node's last finalized block. */
		readonly highest: number,
	) {
		super(ErrorCode.AfterOutOfRange, message, { lowest, highest });
	}
}

/** No answer came: the node or the proxy before it is away, or answers something else. */
export class ConnectionError extends Error {
	override readonly name = "ConnectionError";

	constructor(
		message: string,
		/** What HTTP answered, if it did: 429, say, when one asks too often. */
		readonly status?: number,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/** The error that a node's answer contains. */
export function refusal(error: { code: number; message: string; data?: unknown }): RpcError {
	const { code, message, data } = error;
	const range = data as { lowest?: unknown; highest?: unknown } | null | undefined;
	if (
		code === ErrorCode.AfterOutOfRange &&
		typeof range?.lowest === "number" &&
		typeof range.highest === "number"
	) {
		return new AfterOutOfRange(message, range.lowest, range.highest);
	}
	return new RpcError(code, message, data);
}
