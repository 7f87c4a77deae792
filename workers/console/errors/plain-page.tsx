import { html, raw } from "hono/html";
import type { ConsoleContext } from "../env.ts";

/** An error that is shown without the console's layout. */
export interface PlainError {
  status: 403 | 500 | 503;
  title: string;
  message: string;
}

const STYLE = "body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem }";

/** The source that the Content-Security-Policy allows for the style of this page, by its hash, since the page cannot load a file. */
export const PLAIN_PAGE_STYLE_SOURCE = `'sha256-${await digest(STYLE)}'`;

/** The page for those who are not let in. It depends on nothing else, not even on the console's styles. */
export function plainErrorPage(
  c: ConsoleContext,
  { status, title, message }: PlainError,
): Response | Promise<Response> {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {/* Between the tags must be exactly the text that was hashed. */}
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          <p>{message}</p>
        </main>
      </body>
    </html>
  );
  return c.html(html`<!doctype html>${page}`, status);
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes));
}
