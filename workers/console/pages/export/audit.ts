import type { Operation, OperationFilter } from "../../../../schema/contract/operations.ts";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { MAX_EXPORTED_ROWS } from "../../format/csv.ts";
import { operationFilter, readOperationSearch } from "../operations/operation-search.ts";
import { asFile, CALL_ROWS, type Columns, MAX_CALLS, type Read } from "./as-file.ts";

const OPERATIONS: Columns<Operation> = {
  id: (operation) => operation.id,
  createdAt: (operation) => operation.createdAt,
  actor: (operation) => operation.actor,
  action: (operation) => operation.action,
  arguments: (operation) => operation.arguments,
  state: (operation) => operation.state,
  stoppedBy: (operation) => operation.stoppedBy,
  finishedAt: (operation) => operation.finishedAt,
  examined: (operation) => operation.examined,
  affected: (operation) => operation.affected,
  expected: ({ expected }) => expected?.dispatches,
  expectedExact: ({ expected }) => expected?.exact,
  outcome: ({ outcome }) => outcome?.name,
  counted: ({ outcome }) => outcome?.counted,
  delivered: ({ outcome }) => outcome?.delivered,
  failed: ({ outcome }) => outcome?.failed,
  retried: ({ outcome }) => outcome?.retried,
};

/** `/operations.csv` and `.json`: who did what, and with which outcome. */
export function addAudit(app: ConsoleApp): void {
  for (const format of ["csv", "json"] as const) {
    app.get(`/operations.${format}`, async (c) => {
      const filter = operationFilter(readOperationSearch(c.req.query()), new Date());
      return asFile(c, "operations", format, OPERATIONS, await readOperations(c, filter));
    });
  }
}

/**
 * Reads pages until the end, or until a file's limit. Everything is read before anything is sent, so a failure half-way gives an error instead of a
 * short file.
 */
async function readOperations(c: ConsoleContext, filter: OperationFilter): Promise<Read<Operation>> {
  const items: Operation[] = [];
  for (let calls = 0; calls < MAX_CALLS; calls++) {
    const limit = Math.min(CALL_ROWS, MAX_EXPORTED_ROWS - items.length);
    const after = items.at(-1)?.id;
    const page = await c.var.operator.listOperations(filter, { limit, ...(after && { after }) });
    items.push(...page);
    if (page.length < limit) return { items, rest: "" };
    if (items.length >= MAX_EXPORTED_ROWS) return { items, rest: "-and-more" };
  }
  return { items, rest: "-unfinished" };
}
