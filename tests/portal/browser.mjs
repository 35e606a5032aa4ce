// Headless Chromium, and how it shows pages.
import { chromium } from "playwright-core";

// Without those that begin with --disable, Chromium looks for hosts of its maker's.
export const ARGUMENTS = [
	"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESKTOP = { viewport: { width: 1280, height: 800 } };

export const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Starts it, with more arguments. */
export const launch = (...more) => chromium.launch({
	executablePath: EXECUTABLE,
	args: [...ARGUMENTS, ...more],
});
