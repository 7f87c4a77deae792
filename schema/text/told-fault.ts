import type { DeploymentFault } from "../contract/deployment.ts";
import { CHECK_WORDS } from "../vocabulary/check-words.ts";

/** A fault of a deployment, with texts for people. */
export interface ToldFault extends DeploymentFault {
  /** What is wrong. */
  what: string;
  /** What to do. */
  todo: string;
}

/** A fault with the texts of its check. A hub of another version may have checks that are not known here. */
export function toldFault(fault: DeploymentFault): ToldFault {
  const words = Object.hasOwn(CHECK_WORDS, fault.check)
    ? CHECK_WORDS[fault.check]
    : { what: `the check ${fault.check} has found something`, todo: "see the pages of the hub's version" };
  return { ...fault, ...words };
}
