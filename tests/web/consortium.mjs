// Prints the consortium.json of a portal for these nodes: the n-th is of the n-th hospital. Or for these doors, in place
// of the nodes.
//
// Usage: node consortium.mjs NODE,NODE [DOOR,DOOR]
const [nodes, urls = nodes] = process.argv.slice(2).map((list) => list.split(","));

/** Asks the first node. */
async function ask(method, ...params) {
	const answer = await fetch(nodes[0].replace("ws:", "http:"), {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
	});
	const { result, error } = await answer.json();
	if (error) throw new Error(`${method}: ${error.message}`);
	return result;
}

const genesis = await ask("chain_getBlockHash", 0);
const hospitals = [];
for (const [hospital, url] of urls.entries()) {
	const { value } = await ask("consortium_hospital", hospital);
	hospitals.push({ hospital, name: value.name, url });
}
console.log(JSON.stringify({ genesis, hospitals }));
