import { existsSync } from "node:fs";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { findPinnedChromium, hasPinnedChromium } from "./pinned-chromium.ts";

/**
 * Starts a Chromium without a window: that of `CHROMIUM_PATH`, otherwise the one that the lock file pins or, if the package has none for this
 * machine, the installed Chrome.
 *
 * @throws Error that says what to do, if there is none.
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const args = [
    // For root, as in a container, Chromium starts only without its sandbox.
    "--no-sandbox",
    "--disable-gpu",
    // All pages are ours. A process of its own for each tab takes a sixth of the processor time of all these tests.
    "--renderer-process-limit=1",
    "--disable-dev-shm-usage",
    // An attacker does this with a name server of his own (DNS rebinding). It also keeps requests from real hosts.
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    ...(options.args ?? []),
  ];
  const found = await findChromium();
  return await chromium.launch({ ...options, ...found, args }).catch((cause: unknown) => {
    throw found.channel === undefined ? cause : new Error(NONE, { cause });
  });
}

let shared: Promise<Browser> | undefined;

/**
 * The one browser of this process, in which callers open profiles of their own; it ends with the process. One that did not start, or has crashed, is
 * forgotten.
 */
export function sharedChromium(): Promise<Browser> {
  if (shared !== undefined) return shared;
  const launched = launchChromium();
  const forget = () => {
    if (shared === launched) shared = undefined;
  };
  launched.then((browser) => browser.once("disconnected", forget), forget);
  shared = launched;
  return launched;
}

const NONE =
  `The browser tests need a Chromium. Its npm package has one for Linux on x64 only, not for ${process.platform} on ${process.arch}, and ` +
  "there is no Google Chrome: install it, or say where a Chromium is with CHROMIUM_PATH=...";

async function findChromium(): Promise<Pick<LaunchOptions, "executablePath" | "channel" | "env">> {
  const own = process.env.CHROMIUM_PATH;
  if (own !== undefined) {
    if (!existsSync(own)) throw new Error(`CHROMIUM_PATH: there is no ${own}`);
    return { executablePath: own };
  }
  return hasPinnedChromium() ? await findPinnedChromium() : { channel: "chrome" };
}
