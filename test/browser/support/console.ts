import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { type System, startSystem } from "../../support/system.ts";
import { launchChromium } from "./chromium.ts";
import { watchPage } from "./watch.ts";

/** How to open a page. */
export interface OpenOptions {
  /** Of the window, in CSS pixels; default 1280. */
  width?: number;
  height?: number;
  /** What the person's system prefers; default light. */
  theme?: "light" | "dark";
  /** Whether scripts run; default true. */
  javascript?: boolean;
  /** What may appear in the browser's console, e.g. for an answer 404 that the test wants. */
  tolerated?: readonly RegExp[];
}

/** A console in front of a whole hub, and a browser to open it with. */
export interface ConsoleUnderTest {
  /** The hub, its database and its consumers. */
  system: System;
  browser: Browser;
  /** Where the console answers. */
  origin: string;
  /** Opens a page in a browser profile of its own, which ends with the test; the test fails if anything {@link watchPage} notes has happened. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  stop(): Promise<void>;
}

/** Who is signed in to the console. */
export const ACTOR = "ada@example.com";

/** Starts it all; for `beforeAll`. */
export async function startConsole(vars: Record<string, string> = {}): Promise<ConsoleUnderTest> {
  const browser = await launchChromium();
  const system = await startSystem({
    console: { LOCAL_ACTOR: ACTOR, ENVIRONMENT_NAME: "test", ENVIRONMENT_COLOR: "#0a7", ...vars },
  });
  const { origin } = system;
  return {
    system,
    browser,
    origin,
    open: async (path, { width = 1280, height = 800, theme = "light", javascript = true, tolerated = [] } = {}) => {
      const context = await browser.newContext({
        baseURL: origin,
        viewport: { width, height },
        colorScheme: theme,
        javaScriptEnabled: javascript,
        locale: "en-GB",
        timezoneId: "UTC",
        permissions: ["clipboard-read", "clipboard-write"],
      });
      const page = await context.newPage();
      const seen = watchPage(page, origin, tolerated);
      onTestFinished(() => end(context, seen));
      await page.goto(path);
      return page;
    },
    stop: async () => {
      await browser.close();
      await system.stop();
    },
  };
}

async function end(context: BrowserContext, seen: readonly string[]): Promise<void> {
  await context.close();
  expect(seen, "what the browser reported").toEqual([]);
}
