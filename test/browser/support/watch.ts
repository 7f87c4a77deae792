import type { Page } from "playwright-core";

/**
 * Notes everything that must not happen on a page of the console: errors of its scripts, anything that its Content-Security-Policy had to stop,
 * missing files, requests to other hosts, and dialogs, which only a payload's script would open.
 *
 * @param tolerated What a test causes on purpose, for example the browser's message about an answer 404.
 */
export function watchPage(page: Page, origin: string, tolerated: readonly RegExp[] = []): string[] {
  const seen: string[] = [];
  const note = (text: string) => {
    if (!tolerated.some((pattern) => pattern.test(text))) seen.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      note(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => note(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    note(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol.startsWith("http")) note(`request to another host: ${url.href}`);
  });
  return seen;
}
