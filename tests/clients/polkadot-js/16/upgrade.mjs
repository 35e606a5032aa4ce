import "../../common/report.mjs";
import * as library from "@polkadot/api";
import { acrossUpgrade } from "../upgrade.mjs";

await acrossUpgrade(library);
