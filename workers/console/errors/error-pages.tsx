import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { Layout } from "../components/Layout.tsx";
import { ErrorBox, Heading } from "../components/Panels.tsx";
import type { ConsoleContext } from "../env.ts";
import { pathOf } from "../format/paths.ts";
import { callErrorOf } from "./call-error.ts";
import { plainErrorPage } from "./plain-page.tsx";

const CROSS_SITE = "Another site sent this, or the sender did not say where it comes from.";
const WRONG_METHOD = "This address does not accept that method.";

interface PageError {
  status: ContentfulStatusCode;
  title: string;
  message: string;
}

/** The page for an error that a page did not catch. */
export function errorPage(error: Error, c: ConsoleContext): Response | Promise<Response> {
  const { status, title, message } = pageErrorOf(error);
  if (status >= 500) log("error", "console.failed", { path: c.req.path, error: errorText(error) });
  // An error before anybody was let in is shown on a plain page, without the console's layout.
  if (c.var.asset === undefined) return plainErrorPage(c, { status: 500, title, message });
  return c.html(<ErrorPage c={c} title={title} message={message} />, status);
}

/** The page for an unknown URL. */
export function notFoundPage(c: ConsoleContext): Response | Promise<Response> {
  return c.html(<ErrorPage c={c} title="Not found" message="There is no page at this address." />, 404);
}

/** The page for a method that a URL does not accept. */
export function methodNotAllowedPage(c: ConsoleContext, methods: readonly string[]): Response | Promise<Response> {
  c.header("Allow", methods.join(", "));
  return c.html(<ErrorPage c={c} title="Not this way" message={WRONG_METHOD} />, 405);
}

function pageErrorOf(error: Error): PageError {
  if (error instanceof HTTPException) {
    return { status: error.status, title: "Refused", message: error.message || CROSS_SITE };
  }
  const { status, pageTitle, code, message } = callErrorOf(error);
  return pageTitle === undefined
    ? { status: 500, title: "Something went wrong", message: error.message }
    : { status, title: pageTitle, message: `[${code}] ${message}` };
}

/** A page that says what went wrong, and how to continue. */
function ErrorPage({ c, title, message }: { c: ConsoleContext; title: string; message: string }) {
  const hasCode = /^\[[a-z_]+\] /.test(message);
  const again = c.req.method === "GET" ? { again: pathOf(c) } : {};
  return (
    <Layout c={c} title={title}>
      <Heading title={title} />
      {hasCode ? (
        <ErrorBox error={callErrorOf(new Error(message))} under={title} {...again} />
      ) : (
        <div class="error-box" role="alert">
          <p>{message}</p>
        </div>
      )}
      <p>
        <a href="/">Overview</a> · <a href="/dispatches">Dispatches</a> · <a href="/events">Events</a>
      </p>
    </Layout>
  );
}
