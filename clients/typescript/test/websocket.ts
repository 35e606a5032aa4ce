// The platform's WebSocket, or that of the package `ws` where there is none, or WEBSOCKET says so.

import { WebSocket as Other } from "ws";
import type { WebSocketClass } from "../src/index.js";

const own = (globalThis as { WebSocket?: WebSocketClass }).WebSocket;

export const WebSocket: WebSocketClass = process.env.WEBSOCKET === "ws" || !own ? Other : own;
