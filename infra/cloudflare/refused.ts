import { RunError } from "@pulumi/pulumi";
import { MAX_LISTED_FAULTS, type RouteConfigFault } from "../../schema/config/faults.ts";
import { printable } from "../../schema/text/printable.ts";

/** The arguments of an EventHub were refused before anything was deployed. Pulumi shows the message without a stack trace. */
export class EventHubRefused extends RunError {
  /** Every fault with its place; the message lists the first {@link MAX_LISTED_FAULTS}. */
  readonly faults: readonly RouteConfigFault[];

  constructor(name: string, faults: readonly RouteConfigFault[]) {
    const lines = faults.slice(0, MAX_LISTED_FAULTS).map(({ path, message }) => `  ${path}: ${message}`);
    if (faults.length > MAX_LISTED_FAULTS) lines.push(`  and ${faults.length - MAX_LISTED_FAULTS} more faults`);
    const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
    super([`the EventHub ${JSON.stringify(name)} has ${count}:`, ...lines].map(printable).join("\n"));
    this.faults = faults;
  }
}
