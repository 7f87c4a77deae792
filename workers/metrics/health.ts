import type { Deployment, DeploymentFault } from "../../schema/contract/deployment.ts";
import type { DatabaseError } from "../../schema/database/database-error.ts";
import { mayBeOfAge } from "../../schema/database/permanent-faults.ts";
import { type ToldFault, toldFault } from "../../schema/text/told-fault.ts";
import { VERSION } from "../../schema/vocabulary/version.ts";
import { faultOf } from "../hub/operator/examine-deployment.ts";

/** The answer of `GET /health`. */
export interface Health {
  /** `ok` if it can deliver. */
  status: "ok" | "failing";
  /** Why it cannot. */
  reasons: ToldFault[];
  /** Faults that need attention but do not stop deliveries. */
  warnings: ToldFault[];
  version: string;
}

/** Whether a deployment can deliver, and if not, why. */
export function healthOf({ faults }: Pick<Deployment, "faults">): Health {
  const reasons = faults.filter(({ stops }) => stops).map(toldFault);
  const warnings = faults.filter(({ stops }) => !stops).map(toldFault);
  return { status: reasons.length === 0 ? "ok" : "failing", reasons, warnings, version: VERSION };
}

/** The fault of a database that did not answer. */
export function databaseFault(error: DatabaseError): DeploymentFault {
  const check = mayBeOfAge(error.code) ? "migrations_behind" : "database_unreachable";
  return faultOf(check, null, error.message);
}
