import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { type System, startSystem } from "../../support/system.ts";
import type { SystemOptions } from "../../support/system-workers.ts";
import { sharedChromium } from "./chromium.ts";
import { closeProfile, closeTab } from "./close.ts";
import { watchPage } from "./watch.ts";

/** Options for opening a page. */
export interface OpenOptions {
  /** The width of the window, in CSS pixels; default 1280. */
  width?: number;
  height?: number;
  /** The theme that the user's system prefers; default light. */
  theme?: "light" | "dark";
  /** What may appear in the browser's console, for example for an answer 404 that the test wants. */
  tolerated?: readonly RegExp[];
}

/** A console in front of a complete hub, and a browser that opens it. */
export interface ConsoleUnderTest {
  /** The hub, its database and its consumers. */
  system: System;
  /** The browser profile whose tabs {@link open} opens. */
  profile: BrowserContext;
  /** The address of the console. */
  origin: string;
  /**
   * Opens a page in a tab of its own, which is closed with the test. The test fails if {@link watchPage} has noted anything. All tests of a file
   * share the profile, since Chromium needs a second of the processor for each.
   */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /**
   * The same in a profile of its own, for tests that leave something in it (a clock, a choice that the console keeps), or need another one.
   *
   * @param options.javascript Whether scripts run; default true.
   * @param options.zone The reader's time zone; default UTC.
   */
  openAlone(path: string, options?: OpenOptions & { javascript?: boolean; zone?: string }): Promise<Page>;
  stop(): Promise<void>;
}

/** Waits until a page says what an action has done. The address is no sign of that, since the page removes `done` from it as soon as it is there. */
export const says = (page: Page, text: string | RegExp) =>
  expect.poll(() => page.locator("#flash").innerText()).toMatch(text);

/** The user who is signed in to the console. */
export const ACTOR = "ada@example.com";

/**
 * Starts everything; for `beforeAll`. Without variables and options it may use the hub of a file that has ended, with the rows of a new database. A
 * file that makes indexes must ask for a hub of its own.
 */
export async function startConsole(
  vars: Record<string, string> = {},
  options: SystemOptions & { alone?: boolean } = {},
): Promise<ConsoleUnderTest> {
  const browser = await sharedChromium();
  const isUsual = Object.keys(vars).length === 0 && Object.keys(options).length === 0;
  const { system, stop } = isUsual ? await takeUsual() : await startAlone(vars, options);
  const { origin } = system;
  const newProfile = (javaScriptEnabled: boolean, timezoneId = "UTC") =>
    browser.newContext({
      baseURL: origin,
      javaScriptEnabled,
      locale: "en-GB",
      timezoneId,
      // The processor would draw an endless animation all the time.
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    });
  const openIn = async (
    profile: BrowserContext,
    path: string,
    options: OpenOptions,
    close: (page: Page) => unknown,
  ) => {
    const { width = 1280, height = 800, theme = "light", tolerated = [] } = options;
    const page = await profile.newPage();
    const seen = watchPage(page, origin, tolerated);
    onTestFinished(async () => {
      await close(page);
      expect(seen, "what the browser reported").toEqual([]);
    });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(path);
    return page;
  };

  const profile = await newProfile(true);
  // A window without a tab would close, and opening one costs as much as a profile.
  await profile.newPage();
  return {
    system,
    profile,
    origin,
    open: (path, options = {}) => openIn(profile, path, options, closeTab),
    openAlone: async (path, { javascript = true, zone, ...options } = {}) => {
      const own = await newProfile(javascript, zone);
      return openIn(own, path, options, () => closeProfile(own));
    },
    stop: async () => {
      await closeProfile(profile);
      await stop();
    },
  };
}

/** A system, and what its last user does at the end. */
interface Taken {
  system: System;
  stop(): Promise<void>;
}

async function startAlone(vars: Record<string, string>, options: SystemOptions): Promise<Taken> {
  const system = await startSystem({
    ...options,
    console: { LOCAL_ACTOR: ACTOR, ENVIRONMENT_NAME: "test", ENVIRONMENT_COLOR: "#0a7", ...vars },
  });
  return { system, stop: () => system.stop() };
}

/** The usual system, once the file that used it has ended, so that the next file need not start one. It ends with this process. */
let idle: Taken | undefined;

async function takeUsual(): Promise<Taken> {
  if (idle !== undefined) {
    const taken = idle;
    idle = undefined;
    return taken;
  }
  const { system } = await startAlone({}, {});
  const beginAnew = await system.database.keepBeginning();
  const taken: Taken = {
    system,
    stop: async () => {
      await system.faults.clear();
      await beginAnew();
      idle = taken;
    },
  };
  return taken;
}
