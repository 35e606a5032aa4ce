// A dedicated Worker that runs one case of client/platform/tests/browser.rs: the one it is named after.
// Tells the page whether the case passed, and everything that was said meanwhile.
import start, { WasmBindgenTestContext } from "./platform/browser.js";

const said = [];
const say = (...words) => said.push(words.join(" "));
const end = (passed) => postMessage({ passed, said: said.join("\n") });
for (const method of ["debug", "log", "info", "warn", "error"]) console[method] = say;

// Background tasks fail outside of the case, which then might never end.
addEventListener("error", ({ message }) => {
	say(message);
	end(false);
});
addEventListener("unhandledrejection", ({ reason }) => {
	say(reason?.stack ?? reason);
	end(false);
});

// The globals that wasm-bindgen-test calls: one catches panics, the other prints.
globalThis.__wbg_test_invoke = (act) => act();
globalThis.__wbg_test_output_writeln = say;

const cases = await start();
end(await new WasmBindgenTestContext(false).run([cases[self.name]]));
