import { printable } from "../text/printable.ts";

/** One fault of a configuration: where it is, and what is wrong there. */
export interface RouteConfigFault {
  /** A place such as `routes[2].condition.allOf[0].match`; empty for the configuration as a whole. */
  readonly path: string;
  readonly message: string;
}

/** The most faults that the message of a {@link RouteConfigError} lists; `faults` has all of them. */
export const MAX_LISTED_FAULTS = 50;

const MAX_LINE_LENGTH = 400;
const MAX_SHOWN_LENGTH = 60;

/** The configuration was refused. `faults` has every fault; the message lists the first {@link MAX_LISTED_FAULTS}, one per line. */
export class RouteConfigError extends Error {
  override readonly name = "RouteConfigError";
  readonly faults: readonly RouteConfigFault[];

  constructor(faults: readonly RouteConfigFault[]) {
    super(describeFaults(faults));
    this.faults = faults;
  }
}

function describeFaults(faults: readonly RouteConfigFault[]): string {
  const lines = faults.slice(0, MAX_LISTED_FAULTS).map(({ path, message }) => {
    return cut(printable(path === "" ? message : `${path}: ${message}`), MAX_LINE_LENGTH);
  });
  if (faults.length > MAX_LISTED_FAULTS) lines.push(`and ${faults.length - MAX_LISTED_FAULTS} more faults`);
  return [`the route configuration has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:`, ...lines].join(
    "\n",
  );
}

/** The place of a value, kept as a chain, since most places are never written out. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
}

/** The place `key` below `parent`. */
export function at(parent: Place | undefined, key: string | number): Place {
  return { parent, key };
}

/** A place as text: `routes[2].condition.allOf[0].match`, `destinations["a b"]`. */
export function placeName(place: Place | undefined): string {
  const keys: (string | number)[] = [];
  for (let step = place; step !== undefined; step = step.parent) keys.push(step.key);
  let name = "";
  for (const key of keys.reverse()) {
    if (typeof key === "number") name += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(key)) name += name === "" ? key : `.${key}`;
    else name += `[${JSON.stringify(cut(key, MAX_SHOWN_LENGTH))}]`;
  }
  return name;
}

/** Collects the faults of one configuration. */
export class Faults {
  readonly list: RouteConfigFault[] = [];

  add(place: Place | undefined, message: string): void {
    this.list.push({ path: placeName(place), message });
  }
}

/** A value as the end of "must be ..., got": always short. */
export function show(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return JSON.stringify(cut(value, MAX_SHOWN_LENGTH));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return `a ${typeof value}`;
}

/** Cuts `text` to `length` and appends an ellipsis if it is longer; never cuts a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 2)) ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

/** True for an object in the sense of JSON. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
