import { isRecord } from "../../schema/config/faults.ts";
import { DEFAULT_KIND_MEMBER } from "../../schema/vocabulary/event-checks.ts";
import type { CheckedKind, EventChecker } from "../../workers/hub/events/checker.ts";
import { compareSchemas, type EventChange, type Party } from "./diff-schemas.ts";

/** The changes of a kind. */
export interface KindChanges {
  /** Null for what changes for all kinds at once. */
  kind: string | null;
  changes: EventChange[];
}

/**
 * The changes from one definition to another: first those of all kinds, then those of each kind. Unchanged kinds are left out. No definition
 * (`undefined`) checks nothing.
 */
export function diffEvents(before: EventChecker | undefined, after: EventChecker | undefined): KindChanges[] {
  const [old, now] = [before ?? undefinedLike(after), after ?? undefinedLike(before)];
  const kinds = new Set([...old.kinds.keys(), ...now.kinds.keys()]);
  const found: KindChanges[] = [
    { kind: null, changes: changesOfAll(old, now) },
    ...[...kinds].sort().map((kind) => ({ kind, changes: changesOf(kind, old, now) })),
  ];
  return found.filter(({ changes }) => changes.length > 0);
}

/** A hub without a definition: it names kinds as the other one does, since nothing reads them. */
const undefinedLike = (other: EventChecker | undefined): EventChecker => ({
  member: other?.member ?? DEFAULT_KIND_MEMBER,
  check: "off",
  unknown: "off",
  kinds: new Map(),
});

function changesOfAll(old: EventChecker, now: EventChecker): EventChange[] {
  const changes: EventChange[] = [];
  if (old.member !== now.member) {
    // What names its kind as before is of an unknown kind now, and what was of an unknown kind may be of a defined one.
    const refuses = now.unknown === "reject" || [...now.kinds.values()].some(({ check }) => check === "reject");
    const what = `kinds are named by ${JSON.stringify(now.member)} now, by ${JSON.stringify(old.member)} before`;
    changes.push({ at: "", what, breaks: [...(refuses ? ["producers" as const] : []), "consumers"] });
  }
  if (old.unknown !== now.unknown) {
    const what = `kinds that are not defined: ${old.unknown} is now ${now.unknown}`;
    changes.push({ at: "", what, breaks: broken(old.unknown, now.unknown) });
  }
  return changes;
}

function changesOf(kind: string, before: EventChecker, after: EventChecker): EventChange[] {
  const [old, now] = [before.kinds.get(kind), after.kinds.get(kind)];
  if (now === undefined) {
    const refused = after.unknown === "reject" ? ["producers" as const] : [];
    return [{ at: "", what: "is no longer defined", breaks: [...refused, "consumers"] }];
  }
  if (old === undefined) return [isNew(now, before)];
  const check: EventChange[] =
    old.check === now.check
      ? []
      : [{ at: "", what: `check ${old.check} is now ${now.check}`, breaks: broken(old.check, now.check) }];
  const version: EventChange[] =
    old.version === now.version
      ? []
      : [{ at: "", what: `has version ${now.version ?? "no more"}, was ${old.version ?? "without"}`, breaks: [] }];
  const settings = [...check, ...version];
  const [from, to] = [old.jsonSchema(), now.jsonSchema()];
  if (!isSchema(from) || !isSchema(to))
    return [...settings, { at: "", what: "cannot be compared: its library gives no JSON Schema", breaks: [] }];
  return [...settings, ...compareSchemas(from, to)];
}

/** Before, its events were of a kind that is not defined: whether any or none were taken, consumers of it know nothing of that. */
function isNew(now: CheckedKind, { unknown }: EventChecker): EventChange {
  if (now.check !== "reject" || unknown === "reject") return { at: "", what: "is new", breaks: [] };
  return {
    at: "",
    what: `is new: its events were taken unchecked, and are now rejected if they do not match`,
    breaks: ["producers"],
  };
}

/** Whom it breaks that events which do not match are treated otherwise: producers are refused now, or consumers get what was refused. */
const broken = (from: CheckedKind["check"], to: CheckedKind["check"]): Party[] => {
  if (from === to) return [];
  return to === "reject" ? ["producers"] : from === "reject" ? ["consumers"] : [];
};

const isSchema = (schema: unknown): schema is boolean | Readonly<Record<string, unknown>> =>
  typeof schema === "boolean" || isRecord(schema);
