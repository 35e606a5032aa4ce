// Headless Chromium.
import { chromium } from "playwright-core";

// Without those that begin with --disable, Chromium looks for hosts of its maker's.
const ARGUMENTS = [
	"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Starts it. */
export const launch = () => chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	args: ARGUMENTS,
});
