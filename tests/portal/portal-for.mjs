// Copies a portal, for another consortium: everything else stays the same, byte for byte.
//
// Usage: node portal-for.mjs CONSORTIUM FROM TO
import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const [consortium, from, to] = process.argv.slice(2);
await cp(from, to, { recursive: true });
const list = await readFile(consortium);
await writeFile(join(to, "consortium.json"), list);
const path = join(to, "manifest.json");
const manifest = JSON.parse(await readFile(path, "utf8"));
manifest.files["consortium.json"] = `sha256-${createHash("sha256").update(list).digest("base64")}`;
await writeFile(path, `${JSON.stringify(manifest, null, "\t")}\n`);
