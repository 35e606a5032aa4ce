export { MedBlock, type CallOptions, type ClientOptions } from "./client.js";
export { AfterOutOfRange, ConnectionError, ErrorCode, RpcError } from "./errors.js";
export type * from "./generated.js";
export type { InboxOptions } from "./inbox.js";
export type { Fetch, WebSocketClass, WebSocketLike } from "./platform.js";
