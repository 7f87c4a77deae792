import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where systems put a Chromium; `CHROMIUM_PATH` says another place. */
const PLACES: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Starts a Chromium without a window. @throws An Error that says how to install one, if there is none */
export async function launchChromium(): Promise<Browser> {
  const own = process.env.CHROMIUM_PATH;
  const executablePath = (own === undefined ? PLACES : [own]).find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      `The browser tests need a Chromium, and there is none at ${own ?? PLACES.join(", ")}: ` +
        "apt-get install chromium, or say where yours is with CHROMIUM_PATH=...",
    );
  }
  return await chromium.launch({
    executablePath,
    args: [
      // As root, as in a container, Chromium starts without its sandbox only.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      // What an attacker does with a name server of his own (DNS rebinding); and nothing reaches a real host.
      "--host-resolver-rules=MAP *.example 127.0.0.1",
    ],
  });
}
