import type { DispatchSummary, Operation } from "../../../schema/operator.ts";
import { DispatchTable } from "../components/DispatchTable.tsx";
import { Id } from "../components/Id.tsx";
import { Layout } from "../components/Layout.tsx";
import { Empty, Facts, Heading, Panel } from "../components/Panels.tsx";
import { Status } from "../components/Status.tsx";
import { Moment, Time } from "../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../env.ts";
import { actionWords, affectedWords, argumentsOf, madeBy } from "../view/operations.ts";
import { attempt } from "../view/problem.ts";
import { count, many, oneLine } from "../view/text.ts";
import { duration } from "../view/time.ts";

/** A form may lie open for an hour before it is sent; until then, an id that is not known yet may be that of an operation which is starting. */
const STARTING_MS = 3_600_000;

/** Dispatches shown of an operation. */
const SHOWN = 10;

/** `/operations`: who did what; `/operations/:id`: how far it is. */
export function addOperations(app: ConsoleApp): void {
  app.get("/operations", async (c) => {
    const now = new Date();
    const operations = await c.var.operator.listOperations();
    return c.html(
      <Layout c={c} title="Operations" section="operations" live={5}>
        <Heading title="Operations" />
        {operations.length === 0 ? (
          <Empty title="Nobody has done anything yet">
            <p>Every retry, replay, cancel, pause and resume is kept here, with who did it.</p>
          </Empty>
        ) : (
          <OperationTable operations={operations} now={now} />
        )}
      </Layout>,
    );
  });

  app.get("/operations/:id", async (c) => {
    const id = c.req.param("id");
    const operation = await attempt(c.var.operator.getOperation(id));
    if (operation.problem?.code === "not_found" && isStarting(id)) return starting(c, id);
    if (operation.problem) throw new Error(`[${operation.problem.code}] ${operation.problem.message}`);
    const made = madeBy(operation.value) === undefined ? undefined : await attempt(madeOf(c, id));
    return c.html(<OperationPage c={c} operation={operation.value} dispatches={made?.value?.items ?? []} />);
  });
}

/** The newest dispatches that an operation has made: whether they were delivered is what its operator waits for. */
const madeOf = (c: ConsoleContext, id: string) => c.var.operator.listDispatches({ operationId: id }, { limit: SHOWN });

const OperationTable = ({ operations, now }: { operations: readonly Operation[]; now: Date }) => (
  <table class="rows operations">
    <caption class="hidden">The newest operations</caption>
    <thead>
      <tr>
        <th>State</th>
        <th>Operation</th>
        <th>What</th>
        <th>Who</th>
        <th class="num">Dispatches</th>
        <th>When</th>
        <th>Told</th>
      </tr>
    </thead>
    <tbody>
      {operations.map((operation) => (
        <tr id={`o-${operation.id}`}>
          <td>
            <Status name={operation.state} />
          </td>
          <td>
            <Id id={operation.id} href={`/operations/${operation.id}`} row />
          </td>
          <td>{actionWords(operation)}</td>
          <td>{operation.actor}</td>
          <td class="num">
            {count(operation.affected)} <span class="dim">{affectedWords(operation)}</span>
          </td>
          <td class="when">
            <Time at={operation.createdAt} now={now} />
          </td>
          <td class="reason">
            {oneLine(
              argumentsOf(operation)
                .map(([name, text]) => `${name} ${text}`)
                .join(" · "),
              160,
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

interface OperationPageProps {
  c: ConsoleContext;
  operation: Operation;
  /** The newest that it has made. */
  dispatches: readonly DispatchSummary[];
}

const OperationPage = ({ c, operation, dispatches }: OperationPageProps) => {
  const now = new Date();
  const made = madeBy(operation);
  const running = operation.state === "running";
  const live = running ? 1 : dispatches.some(({ status }) => status === "ongoing") ? 2 : 10;
  const end = operation.finishedAt ?? now;
  return (
    <Layout c={c} title={actionWords(operation)} section="operations" live={live}>
      <Heading
        title={
          <>
            <Status name={operation.state} /> {actionWords(operation)}
          </>
        }
      >
        {made === undefined ? undefined : (
          <a class="button primary" href={made}>
            See its dispatches
          </a>
        )}
      </Heading>
      <Progress operation={operation} expected={Number(c.req.query("of") ?? 0)} />
      {dispatches.length === 0 ? undefined : (
        <Panel title="What became of them, the newest first" id="made">
          <DispatchTable dispatches={dispatches} now={now} caption="Its newest dispatches" />
        </Panel>
      )}
      <Facts
        facts={[
          ["Operation", <Id id={operation.id} full />],
          ["By", operation.actor],
          ["Begun", <Moment at={operation.createdAt} now={now} />],
          [running ? "At work for" : "Took", duration(end.getTime() - operation.createdAt.getTime())],
          ["Looked at", count(operation.examined)],
          ...argumentsOf(operation).map(([name, text]) => [name, <code class="wrap">{text}</code>] as const),
        ]}
      />
      {running ? (
        <p class="dim">
          The hub goes on with it even if this page is closed: what one call does not finish, its cron takes up.
        </p>
      ) : undefined}
    </Layout>
  );
};

const Progress = ({ operation, expected }: { operation: Operation; expected: number }) => {
  const { examined, affected, state } = operation;
  const text = `${many(affected, "dispatch", "dispatches")} ${affectedWords(operation)}`;
  const bounded = expected > 0 && Number.isFinite(expected);
  return (
    <p class="big num">
      {state === "running" && bounded ? (
        <progress max={expected} value={Math.min(examined, expected)} aria-label="How far it is" />
      ) : undefined}{" "}
      {state === "running" ? `${text} so far${bounded ? ` of about ${count(expected)}` : ""}` : text}
    </p>
  );
};

/** An operation's id is a UUIDv7 of the moment in which its form was made. */
function isStarting(id: string): boolean {
  const made = Number.parseInt(id.replace("-", "").slice(0, 12), 16);
  return Date.now() - made < STARTING_MS;
}

function starting(c: ConsoleContext, id: string) {
  return c.html(
    <Layout c={c} title="Starting" section="operations" live={1}>
      <Heading title="Starting …" />
      <p>
        Operation <code>{id}</code> is not there yet. If this stays so, it was refused:{" "}
        <a href="/operations">see the others</a>.
      </p>
    </Layout>,
  );
}
