import "../../common/report.mjs";
import * as library from "@polkadot/api";
import { main } from "../main.mjs";

await main(library, { knowsViewFunctions: true });
