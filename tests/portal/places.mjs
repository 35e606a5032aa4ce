// Where the programs of a run are. tests/portal/run starts them: their ports follow each other from BASE_PORT on.
const base = Number(process.env.BASE_PORT);
const onThisMachine = (port) => `http://localhost:${port}`;

/** Two hospitals' nodes, which browsers don't reach. */
export const NODES = [`ws://127.0.0.1:${base}`, `ws://127.0.0.1:${base + 1}`];
/** Where their gateways listen, and where people reach them: a way leads from one to the other (wires.mjs). */
export const GATEWAYS = [base + 10, base + 11];
export const WAYS = [base + 12, base + 13];
export const VAULTS = WAYS.map(onThisMachine);
/** The portal, as the first hospital's gateway serves it, and the hosts that its pages may ask. */
export const PORTAL = `${onThisMachine(WAYS[0])}/`;
export const HOSTS = WAYS.map((port) => `localhost:${port}`);
/** The same portal on the reader's own machine. */
export const OWN = `${onThisMachine(base + 14)}/`;
/** The portal on the reader's own machine whose hospitals' nodes are those of liar.mjs. */
export const MISLED = `${onThisMachine(base + 15)}/`;
export const LIARS = [base + 16, base + 17];
export const LIARS_URLS = LIARS.map((port) => `ws://127.0.0.1:${port}`);
/** Where a test lets a server listen that is none of the consortium's. */
export const FOREIGN = base + 18;
