import { cut } from "../../../schema/config/faults.ts";
import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import type { InvalidEvent } from "../../../schema/contract/invalid.ts";
import { placeOf } from "../../../schema/payload/encode.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { printable } from "../../../schema/text/printable.ts";
import { MAX_EVENT_FAULT_LENGTH, MAX_EVENT_FAULTS } from "../../../schema/vocabulary/limits.ts";
import { type EventChecker, judge, type Verdict } from "../events/checker.ts";
import type { EventFault } from "../events/json-schema/check.ts";
import { type Identified, loggedIds } from "./logged-ids.ts";

/** The faults of the events of one call that are refused. */
export class RefusedEvents {
  readonly #faults: string[] = [];
  #count = 0;

  get some(): boolean {
    return this.#count > 0;
  }

  add(place: string, { faults }: Verdict): void {
    this.#count += faults.length;
    const room = MAX_EVENT_FAULTS - this.#faults.length;
    for (const fault of faults.slice(0, Math.max(0, room))) this.#faults.push(faultText(place, fault));
  }

  /** @throws EmitError `invalid_event` with the faults of all refused events */
  throwIfSome(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#faults.length;
    if (more > 0) this.#faults.push(`and ${more} more`);
    throw new EmitError("invalid_event", this.#faults.join("; "));
  }
}

/** Checks one event of a call. A refused event goes to `refused`; faults that only warn are stored with the event. */
export async function checkEvent(
  checker: EventChecker,
  payload: EventPayload,
  place: string,
  refused: RefusedEvents,
): Promise<InvalidEvent | undefined> {
  const judged = judge(checker, payload);
  const verdict = judged instanceof Promise ? await judged : judged;
  if (verdict === undefined) return undefined;
  if (verdict.refused) refused.add(place, verdict);
  return toInvalid(verdict);
}

/**
 * The faults of an event that is stored already. If the event's schema cannot be run, the event counts as refused, so that it does not stop the
 * events behind it.
 */
export async function judgeStored(checker: EventChecker, payload: EventPayload): Promise<InvalidEvent | undefined> {
  try {
    const verdict = await judge(checker, payload);
    return verdict && toInvalid(verdict);
  } catch (error) {
    return toInvalid({ refused: true, faults: [{ path: [], message: errorText(error) }] });
  }
}

/** Logs that some of these events, which were stored, do not match their definitions. It logs only ids and numbers, because payloads are private. */
export function logInvalid(stored: readonly (Identified & { invalid?: InvalidEvent | null | undefined })[]): void {
  const invalid = stored.filter((event) => event.invalid);
  if (invalid.length === 0) return;
  const refused = invalid.filter((event) => event.invalid?.refused).length;
  log("warn", "events.invalid", { events: invalid.length, refused, ids: loggedIds(invalid) });
}

/** The part of a verdict that is stored with an event. */
const toInvalid = ({ refused, faults }: Verdict): InvalidEvent => {
  const told = faults.slice(0, MAX_EVENT_FAULTS).map((fault) => faultText("", fault));
  const more = faults.length - told.length;
  return { refused, faults: more > 0 ? [...told, `and ${more} more`] : told };
};

/** For example `event.customer.id: is required`, or within a payload `customer.id: is required`. */
function faultText(place: string, { path, message }: EventFault): string {
  const where = path
    .reduce<string>((at, key) => (typeof key === "number" ? `${at}[${key}]` : placeOf(at, key)), place)
    .replace(/^\./, "");
  // A message may quote the producer's text.
  return cut(printable(where === "" ? message : `${where}: ${message}`), MAX_EVENT_FAULT_LENGTH);
}
