import { isRecord } from "../../schema/config/faults.ts";
import { EVENT_CHECKS } from "../../schema/vocabulary/event-checks.ts";
import type { EventChecker } from "../../workers/hub/events/checker.ts";
import { compareSchemas, type EventChange } from "./diff-schemas.ts";

/** What changes of a kind. */
export interface KindChanges {
  kind: string;
  changes: EventChange[];
}

/** What becomes of each kind from one definition to another; kinds without a change are left out. */
export function diffEvents(before: EventChecker, after: EventChecker): KindChanges[] {
  const kinds = new Set([...before.kinds.keys(), ...after.kinds.keys()]);
  return [...kinds].sort().flatMap((kind) => {
    const changes = changesOf(kind, before, after);
    return changes.length === 0 ? [] : [{ kind, changes }];
  });
}

function changesOf(kind: string, before: EventChecker, after: EventChecker): EventChange[] {
  const [old, now] = [before.kinds.get(kind), after.kinds.get(kind)];
  if (now === undefined) {
    const refused = after.unknown === "reject" ? ["producers" as const] : [];
    return [{ at: "", what: "is no longer defined", breaks: [...refused, "consumers"] }];
  }
  if (old === undefined) return [{ at: "", what: "is new", breaks: [] }];
  const stricter = EVENT_CHECKS.indexOf(now.check) < EVENT_CHECKS.indexOf(old.check) && now.check === "reject";
  const check: EventChange[] =
    old.check === now.check
      ? []
      : [{ at: "", what: `check ${old.check} is now ${now.check}`, breaks: stricter ? ["producers"] : [] }];
  const [from, to] = [old.jsonSchema(), now.jsonSchema()];
  if (!isSchema(from) || !isSchema(to))
    return [...check, { at: "", what: "cannot be compared: its library gives no JSON Schema", breaks: [] }];
  return [...check, ...compareSchemas(from, to)];
}

const isSchema = (schema: unknown): schema is boolean | Readonly<Record<string, unknown>> =>
  typeof schema === "boolean" || isRecord(schema);
