import { WorkerEntrypoint } from "cloudflare:workers";
import type { Consumer, EventPayload, HandleContext, HandleReturn } from "../../schema/contract/index.ts";

/** How many seconds after its event an account is imported. It is longer than the route's retries last. */
const IMPORT_SECONDS = 30;

/** Knows an account only after an import. The attempts come too early and all fail; a later manual retry succeeds. */
export class CrmConsumer extends WorkerEntrypoint implements Consumer {
  handle({ installation }: EventPayload, { emittedAt }: HandleContext): HandleReturn {
    const account = `account ${accountOf(installation)}`;
    const seconds = (Date.now() - emittedAt.getTime()) / 1_000;
    if (seconds >= IMPORT_SECONDS) return { result: "complete", reason: `${account} is updated` };
    return {
      result: "failed",
      reason: `HTTP 404 from the CRM: no ${account} yet (imported ${IMPORT_SECONDS} s after its event)`,
    };
  }
}

/** The id of the account that installed an app. */
function accountOf(installation: unknown): string {
  const { account } = installation as { account: { id: unknown } };
  return String(account.id).slice(0, 40);
}
