/** What the types of the hub's entrypoint allow and forbid in operators' code. */
import { expectTypeOf } from "vitest";
import type { Operation, ReplayDryRun } from "../../schema/contract/operations.ts";
import type { DispatchDetail, ListedDispatch, Page } from "../../schema/contract/operator.ts";
import type { OperatorMethods } from "../../workers/hub/operator/operator-methods.ts";

declare const operator: OperatorMethods;

expectTypeOf(operator.listDispatches).returns.resolves.toEqualTypeOf<Page<ListedDispatch>>();
expectTypeOf(operator.getDispatch).parameters.toEqualTypeOf<[id: string]>();
expectTypeOf(operator.retryDispatch("id", { maxRetries: 1, actor: "ada" })).resolves.toEqualTypeOf<DispatchDetail>();
expectTypeOf(operator.replayEvents).returns.resolves.toEqualTypeOf<Operation | ReplayDryRun>();
operator.listDispatches({ status: ["failed", "lost"], since: "2026-11-24", payload: { path: "$.a", equals: null } });
operator.pauseDestination("BILLING", "upgrade", { operationId: "id" });
operator.listEvents({ matched: false });
operator.tail({ destination: "BILLING" }, { only: ["attempt", "result"], after: new Date() });
// @ts-expect-error Every dispatch has matched.
operator.listDispatches({ matched: true });
// @ts-expect-error A replay says by which routing.
operator.replayEvents({}, {});
// @ts-expect-error Only dispatches have a status.
operator.listEvents({ status: "failed" });
// @ts-expect-error There is no such method.
operator.deleteDispatch("id");
