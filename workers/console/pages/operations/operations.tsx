import type { Operation } from "../../../../schema/contract/operator.ts";
import { Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Heading } from "../../components/Panels.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { count, oneLine } from "../../format/text.ts";
import { actionWords, affectedWords, argumentsOf } from "./operation-text.ts";

/** `/operations`: who did what. */
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
}

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
