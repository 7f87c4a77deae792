import { type Command, InvalidArgumentError } from "commander";
import { ISO_TIME_RULE, parseIsoTime } from "../../../schema/vocabulary/iso-time.ts";
import { DISPATCH_STATUSES } from "../../../schema/vocabulary/statuses.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Events' ids hold their time since then, so nothing is older. */
const BEFORE_ALL = "That is before 1970, when nothing had been emitted: leave the option out.";
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A moment: `90m`, `12h`, `7d` ago, or ISO 8601 with its zone. */
export function moment(text: string): string {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const time = amount === undefined ? parseIsoTime(text) : Date.now() - Number(amount) * (UNITS[unit] ?? 0);
  if (time === undefined)
    throw new InvalidArgumentError(`Give a time as 90m, 12h or 7d (ago), or as ${ISO_TIME_RULE}.`);
  if (!(time >= 0 && time <= LATEST))
    throw new InvalidArgumentError(time < 0 ? BEFORE_ALL : "Give a time before the year 10000.");
  return new Date(time).toISOString();
}

/** `$.path=value`: the value as JSON where it is that, else as text. */
function payload(text: string): { path: string; equals: unknown } {
  const split = text.indexOf("=");
  if (split < 1) throw new InvalidArgumentError("Give it as '$.path=value'.");
  const [path, value] = [text.slice(0, split), text.slice(split + 1)];
  try {
    return { path, equals: JSON.parse(value) };
  } catch {
    return { path, equals: value };
  }
}

/** A whole number. */
export function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

/** A whole number above 0. */
export function positive(text: string): number {
  const number = integer(text);
  if (number === 0) throw new InvalidArgumentError("Give a whole number above 0.");
  return number;
}

/** A list of words with commas between them. */
const words = (text: string) => text.split(",");

/** The options of a filter over events. */
export function addEventFilter(command: Command): Command {
  return command
    .option("--since <time>", "emitted since then: 90m, 12h, 7d (ago), or ISO 8601", moment)
    .option("--until <time>", "emitted before then", moment)
    .option("--idempotency-key <key>", "the producer's key")
    .option("--payload <$.path=value>", "a value of the payload", payload);
}

/** The options of a filter over dispatches. */
export function addDispatchFilter(command: Command): Command {
  return addEventFilter(command)
    .option("--status <statuses>", `of ${DISPATCH_STATUSES.join(", ")}; several with commas`, words)
    .option("--destination <name>", "where to")
    .option("--route <name>", "by which route")
    .option("--reason <text>", "text within the reason")
    .option("--resulted-since <time>", "final since then", moment)
    .option("--resulted-until <time>", "final before then", moment)
    .option("--retried", "retried by hand")
    .option("--no-retried", "not retried by hand")
    .option("--overdue", "ongoing beyond their time, with nobody at work and nothing that holds them")
    .option("--no-overdue", "all but these")
    .option("--event <id>", "of this event")
    .option("--operation <id>", "made by this operation");
}

const FILTER_KEYS = [
  "since",
  "until",
  "idempotencyKey",
  "payload",
  "status",
  "destination",
  "route",
  "reason",
  "resultedSince",
  "resultedUntil",
  "retried",
  "overdue",
];

/** The filter in a command's options. */
export function filterOf(options: Record<string, unknown>): Record<string, unknown> {
  const entries = FILTER_KEYS.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]);
  return {
    ...Object.fromEntries(entries),
    ...(options.event === undefined ? {} : { eventId: options.event }),
    ...(options.operation === undefined ? {} : { operationId: options.operation }),
  };
}
