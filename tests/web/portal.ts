// The page under test: nothing but the portal's own side, for tests to call.
import { openPortal } from "../../portal/src/client.ts";

Object.assign(globalThis, { portal: openPortal() });
