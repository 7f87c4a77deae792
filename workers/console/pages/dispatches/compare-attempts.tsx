import type { Child } from "hono/jsx";
import type { DispatchDetail, ExecutionDetail } from "../../../../schema/contract/operator.ts";
import { Field } from "../../components/Fields.tsx";
import { DispatchId } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Heading } from "../../components/Panels.tsx";
import { Exact } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { duration } from "../../format/time.ts";

/** `/dispatches/:id/compare`: two attempts of a dispatch side by side, by default the first and the last. */
export function addCompareAttempts(app: ConsoleApp): void {
  app.get("/dispatches/:id/compare", async (c) => {
    const dispatch = await c.var.operator.getDispatch(c.req.param("id"));
    const { executions } = dispatch;
    const [first, last] = [executions[0], executions.at(-1)];
    const chosen = (name: string, usual: ExecutionDetail | undefined) => {
      const asked = c.req.query(name) ?? "";
      return asked === "" ? usual : executions.find(({ attempt }) => attempt === Number(asked));
    };
    const [one, other] = [chosen("a", first), chosen("b", last)];
    return c.html(
      <Layout c={c} title="Compare two attempts" section="dispatches">
        <Heading title={`Attempts to ${dispatch.destination}`} />
        <form class="filters" action={`/dispatches/${dispatch.id}/compare`} autocomplete="off">
          <Field name="a" label="Attempt" value={c.req.query("a") ?? String(first?.attempt ?? "")} />
          <Field name="b" label="and attempt" value={c.req.query("b") ?? String(last?.attempt ?? "")} />
          <button type="submit" class="button">
            Compare
          </button>
        </form>
        {one === undefined || other === undefined ? (
          <Empty title="There is no such attempt">
            <p>
              <DispatchId id={dispatch.id} /> has attempts {first?.attempt ?? 0} to {last?.attempt ?? 0}.
            </p>
          </Empty>
        ) : (
          <Attempts dispatch={dispatch} sides={[one, other]} />
        )}
      </Layout>,
    );
  });
}

/** The compared properties of attempts, and how those are shown that are not texts. */
const ROWS: readonly (readonly [
  name: string,
  read: (execution: ExecutionDetail) => string,
  show?: (execution: ExecutionDetail) => Child,
])[] = [
  ["Result", ({ result }) => result],
  ["Reason", ({ reason }) => reason ?? ""],
  ["Took", ({ startedAt, finishedAt }) => duration(finishedAt.getTime() - startedAt.getTime())],
  ["Started", ({ startedAt }) => startedAt.toISOString(), ({ startedAt }) => <Exact at={startedAt} />],
  ["Instance", ({ instanceId }) => instanceId],
];

const Attempts = ({ dispatch, sides }: { dispatch: DispatchDetail; sides: readonly ExecutionDetail[] }) => (
  <table class="rows compare">
    <caption class="hidden">Two attempts</caption>
    <thead>
      <tr>
        <th>Attempt</th>
        {sides.map(({ attempt }) => (
          <th>
            <a href={`/dispatches/${dispatch.id}#attempt-${attempt}`}>{attempt}</a>
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {ROWS.map(([name, read, show = read]) => (
        <tr {...(new Set(sides.map(read)).size === 1 ? {} : { class: "differs" })}>
          <td>{name}</td>
          {sides.map((execution) => (
            <td>
              <code>{show(execution)}</code>
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
