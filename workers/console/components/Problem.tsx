import type { ConsoleContext } from "../env.ts";
import { problemOf } from "../errors/call-error.ts";
import { Layout } from "./Layout.tsx";
import { Heading, ProblemBox } from "./Panels.tsx";

/** The page that says what went wrong, and how to go on. */
export function Problem({ c, title, message }: { c: ConsoleContext; title: string; message: string }) {
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
