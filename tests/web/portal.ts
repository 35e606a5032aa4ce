// The page under test: nothing but the portal's own side, for tests to call.
import { openPortal } from "../../portal/src/client.ts";
import { walletAccounts, walletSignature } from "../../portal/src/wallet/wallets.ts";

Object.assign(globalThis, { portal: openPortal(), walletAccounts, walletSignature });
