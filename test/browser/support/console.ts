import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { type System, startSystem } from "../../support/system.ts";
import type { SystemOptions } from "../../support/system-workers.ts";
import { sharedChromium } from "./chromium.ts";
import { watchPage } from "./watch.ts";

/** How to open a page. */
export interface OpenOptions {
  /** Of the window, in CSS pixels; default 1280. */
  width?: number;
  height?: number;
  /** What the person's system prefers; default light. */
  theme?: "light" | "dark";
  /** What may appear in the browser's console, e.g. for an answer 404 that the test wants. */
  tolerated?: readonly RegExp[];
}

/** A console in front of a whole hub, and a browser to open it with. */
export interface ConsoleUnderTest {
  /** The hub, its database and its consumers. */
  system: System;
  /** The browser profile whose tabs {@link open} opens. */
  profile: BrowserContext;
  /** Where the console answers. */
  origin: string;
  /**
   * Opens a page in a tab of its own, which is closed with the test; the test fails if anything {@link watchPage} notes has happened. All tests
   * of a file share the profile, since Chromium needs a second of the processor for each.
   */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /**
   * The same in a profile of its own: for tests that leave something in it (a clock, a choice that the console keeps), or want another one.
   *
   * @param options.javascript Whether scripts run; default true.
   */
  openAlone(path: string, options?: OpenOptions & { javascript?: boolean }): Promise<Page>;
  stop(): Promise<void>;
}

/** Who is signed in to the console. */
export const ACTOR = "ada@example.com";

/** Starts it all; for `beforeAll`. */
export async function startConsole(
  vars: Record<string, string> = {},
  options: SystemOptions = {},
): Promise<ConsoleUnderTest> {
  const browser = await sharedChromium();
  const system = await startSystem({
    ...options,
    console: { LOCAL_ACTOR: ACTOR, ENVIRONMENT_NAME: "test", ENVIRONMENT_COLOR: "#0a7", ...vars },
  });
  const { origin } = system;
  const newProfile = (javaScriptEnabled: boolean) =>
    browser.newContext({
      baseURL: origin,
      javaScriptEnabled,
      locale: "en-GB",
      timezoneId: "UTC",
      // What moves without end is drawn without end, by the processor.
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
  // A window with no tab left would close, and each that is opened costs as much as a profile.
  await profile.newPage();
  return {
    system,
    profile,
    origin,
    open: (path, options = {}) => openIn(profile, path, options, (page) => page.close()),
    openAlone: async (path, { javascript = true, ...options } = {}) => {
      const own = await newProfile(javascript);
      return openIn(own, path, options, () => own.close());
    },
    stop: async () => {
      await profile.close();
      await system.stop();
    },
  };
}
