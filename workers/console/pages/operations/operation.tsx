import type { DispatchSummary, Operation } from "../../../../schema/contract/operator.ts";
import { FINAL_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Facts, Heading, Panel } from "../../components/Panels.tsx";
import { Status } from "../../components/Status.tsx";
import { Moment } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { count, many } from "../../format/text.ts";
import { duration } from "../../format/time.ts";
import { OutcomePanel } from "./OutcomePanel.tsx";
import { actionWords, affectedWords, argumentsOf, madeBy } from "./operation-text.ts";
import { COUNTED, type Outcome, outcomeOf } from "./outcome.ts";

/** How long after its form was sent an operation may not be there yet: the hub tries for 25 s (DATABASE_BUDGET_MS) to write it down. */
const STARTING_MS = 30_000;

/** Dispatches shown of an operation. */
const SHOWN = 10;

/** `/operations/:id`: how far it is, and what became of what it has made. */
export function addOperation(app: ConsoleApp): void {
  app.get("/operations/:id", async (c) => {
    const id = c.req.param("id");
    const operation = await attempt(c.var.operator.getOperation(id));
    const sent = c.req.query("sent");
    if (operation.error?.code === "not_found" && sent !== undefined) return missingOperationPage(c, id, Number(sent));
    if (operation.error) throw new Error(`[${operation.error.code}] ${operation.error.message}`);
    const { dispatches, outcome } = await madeOf(c, operation.value);
    return c.html(<OperationPage c={c} operation={operation.value} dispatches={dispatches} outcome={outcome} />);
  });
}

/** The newest dispatches that an operation has made, and how all of them ended: whether they were delivered is what its operator waits for. */
async function madeOf(c: ConsoleContext, operation: Operation) {
  if (madeBy(operation) === undefined) return { dispatches: [], outcome: undefined };
  const { operator } = c.var;
  const made = { operationId: operation.id };
  const dry = { dryRun: true, limit: COUNTED };
  const few = operation.affected < COUNTED;
  // What could still be retried or cancelled of them is all of them, but what was retried already.
  const [newest, ended, ongoing] = await Promise.all([
    attempt(operator.listDispatches(made, { limit: SHOWN })),
    few ? attempt(operator.retryDispatches({ ...made, status: FINAL_STATUSES }, dry)) : undefined,
    few ? attempt(operator.cancelDispatches({ ...made, status: "ongoing" }, dry)) : undefined,
  ]);
  return { dispatches: newest.value?.items ?? [], outcome: outcomeOf(operation, ended?.value, ongoing?.value) };
}

interface OperationPageProps {
  c: ConsoleContext;
  operation: Operation;
  /** The newest that it has made. */
  dispatches: readonly DispatchSummary[];
  outcome: Outcome | undefined;
}

const OperationPage = ({ c, operation, dispatches, outcome }: OperationPageProps) => {
  const now = new Date();
  const made = madeBy(operation);
  const running = operation.state === "running";
  const waits = (outcome?.statuses.ongoing ?? 0) > 0 || dispatches.some(({ status }) => status === "ongoing");
  const live = running ? 1 : waits ? 2 : 10;
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
      {outcome === undefined ? undefined : <OutcomePanel operation={operation} outcome={outcome} />}
      {dispatches.length === 0 ? undefined : (
        <Panel title={operation.affected > SHOWN ? `The newest ${SHOWN}` : "What became of them"} id="made">
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

/** An operation that is not there: its form has just been sent, or it came to nothing. */
function missingOperationPage(c: ConsoleContext, id: string, sent: number) {
  const starting = Math.abs(Date.now() - sent) < STARTING_MS;
  return c.html(
    <Layout c={c} title={starting ? "Starting" : "Not started"} section="operations" live={starting ? 1 : undefined}>
      <Heading title={starting ? "Starting …" : "Not started"} />
      {starting ? (
        <p>
          The hub writes down operation <code>{id}</code>. This page goes on by itself.
        </p>
      ) : (
        <p>
          The hub has no operation <code>{id}</code>: it was refused, or its database did not answer, and nothing was
          done. Go back and send the form again; what is sent twice is done once.{" "}
          <a href="/operations">See the other operations</a>.
        </p>
      )}
    </Layout>,
    // A page that waited is told, too.
    starting || c.req.header("HX-Request") !== undefined ? 200 : 404,
  );
}
