import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorText, log } from "../../../schema/text/log.ts";
import { Layout } from "../components/Layout.tsx";
import { Heading, ProblemBox } from "../components/Panels.tsx";
import type { ConsoleContext } from "../env.ts";
import { problemOf } from "./call-error.ts";
import { refuse } from "./plain-page.tsx";

/** How the operators' refusals, and those of `emit`, are told. */
const REFUSALS: Readonly<Record<string, { status: ContentfulStatusCode; title: string }>> = {
  invalid_arguments: { status: 400, title: "That cannot be asked" },
  not_found: { status: 404, title: "Not found" },
  conflict: { status: 409, title: "Its state does not allow it" },
  misconfigured: { status: 500, title: "The hub is not configured" },
  unavailable: { status: 503, title: "The database does not answer" },
};

const CROSS_SITE = "This was sent by another site, or by something that does not say where it comes from.";
const WRONG_METHOD = "This address cannot be asked in that way.";

interface Told {
  status: ContentfulStatusCode;
  title: string;
  message: string;
}

/** The page of an error that a page has not caught. */
export function tellError(error: Error, c: ConsoleContext): Response | Promise<Response> {
  const told = tell(error);
  if (told.status >= 500) log("error", "console.failed", { path: c.req.path, error: errorText(error) });
  // What fails before anybody has been let in is told without the console's own page.
  if (c.var.asset === undefined) return refuse(c, { ...told, status: 500 });
  return c.html(<Problem c={c} title={told.title} message={told.message} />, told.status);
}

/** The page of an address that is nobody's. */
export function tellNotFound(c: ConsoleContext): Response | Promise<Response> {
  return c.html(<Problem c={c} title="Not found" message="There is no page at this address." />, 404);
}

/** The page of a method that an address does not take. */
export function tellMethod(c: ConsoleContext, methods: readonly string[]): Response | Promise<Response> {
  c.header("Allow", methods.join(", "));
  return c.html(<Problem c={c} title="Not this way" message={WRONG_METHOD} />, 405);
}

function tell(error: Error): Told {
  if (error instanceof HTTPException) {
    return { status: error.status, title: "Refused", message: error.message || CROSS_SITE };
  }
  const [, code = ""] = /^\[(\w+)\] /.exec(error.message) ?? [];
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return { status: 500, title: "Something went wrong", ...known, message: error.message };
}

/** The page that says what went wrong, and how to go on. */
function Problem({ c, title, message }: { c: ConsoleContext; title: string; message: string }) {
  const { pathname, search } = new URL(c.req.url);
  const problem = problemOf(new Error(message));
  const known = /^\[[a-z_]+\] /.test(message);
  return (
    <Layout c={c} title={title}>
      <Heading title={title} />
      {known ? (
        <ProblemBox problem={problem} {...(c.req.method === "GET" ? { again: `${pathname}${search}` } : {})} />
      ) : (
        <div class="problem" role="alert">
          <p>{message}</p>
        </div>
      )}
      <p>
        <a href="/">Overview</a> · <a href="/dispatches">Dispatches</a> · <a href="/events">Events</a>
      </p>
    </Layout>
  );
}
