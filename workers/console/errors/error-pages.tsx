import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorText, log } from "../../../schema/text/log.ts";
import { Layout } from "../components/Layout.tsx";
import { ErrorBox, Heading } from "../components/Panels.tsx";
import type { ConsoleContext } from "../env.ts";
import { callErrorOf } from "./call-error.ts";
import { plainErrorPage } from "./plain-page.tsx";

const CROSS_SITE = "This was sent by another site, or by something that does not say where it comes from.";
const WRONG_METHOD = "This address cannot be asked in that way.";

interface PageError {
  status: ContentfulStatusCode;
  title: string;
  message: string;
}

/** The page of an error that a page has not caught. */
export function errorPage(error: Error, c: ConsoleContext): Response | Promise<Response> {
  const { status, title, message } = pageErrorOf(error);
  if (status >= 500) log("error", "console.failed", { path: c.req.path, error: errorText(error) });
  // What fails before anybody has been let in is told without the console's own page.
  if (c.var.asset === undefined) return plainErrorPage(c, { status: 500, title, message });
  return c.html(<ErrorPage c={c} title={title} message={message} />, status);
}

/** The page of an address that is nobody's. */
export function notFoundPage(c: ConsoleContext): Response | Promise<Response> {
  return c.html(<ErrorPage c={c} title="Not found" message="There is no page at this address." />, 404);
}

/** The page of a method that an address does not take. */
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

/** The page that says what went wrong, and how to go on. */
function ErrorPage({ c, title, message }: { c: ConsoleContext; title: string; message: string }) {
  const { pathname, search } = new URL(c.req.url);
  const hasCode = /^\[[a-z_]+\] /.test(message);
  return (
    <Layout c={c} title={title}>
      <Heading title={title} />
      {hasCode ? (
        <ErrorBox
          error={callErrorOf(new Error(message))}
          {...(c.req.method === "GET" ? { again: `${pathname}${search}` } : {})}
        />
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
