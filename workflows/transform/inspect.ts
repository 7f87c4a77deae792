import { isRecord } from "../../schema/config/faults.ts";
import { Refusal } from "../../schema/text/patterns/refusal.ts";
import { veil } from "./marks.ts";
import { REFUSED } from "./natives.ts";
import { compileTransformPattern } from "./pattern.ts";

/** The members of a parsed expression's part that matter here. */
export interface Part {
  type?: unknown;
  value?: unknown;
  position?: unknown;
  [key: string]: unknown;
}

/** The parts whose evaluation costs more than a step. */
export interface Parts {
  /** The operator around these reads their whole values: it compares them, writes them out, or tests whether they are true. */
  readonly read: ReadonlySet<unknown>;
  /** These select what the operator `| ... | ... |` changes in place. */
  readonly selects: ReadonlySet<unknown>;
  /** These change values in place. */
  readonly changes: ReadonlySet<unknown>;
  /** The ends of a range, which the library counts up one by one. */
  readonly ends: ReadonlySet<unknown>;
}

export interface InspectionFault {
  position: number | undefined;
  message: string;
}

const READING = ["=", "!=", "<", "<=", ">", ">=", "in", "&", "and", "or"];

/** Finds the costly parts of a parsed expression, and those that are not allowed. */
export function inspect(root: unknown): { parts: Parts; faults: InspectionFault[] } {
  const parts = {
    read: new Set<unknown>(),
    selects: new Set<unknown>(),
    changes: new Set<unknown>(),
    ends: new Set<unknown>(),
  };
  const faults: InspectionFault[] = [];
  const seen = new Set<unknown>();
  // An explicit stack, since the author of an expression decides how deep it is.
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null || next instanceof RegExp || seen.has(next)) continue;
    seen.add(next);
    if (isRecord(next)) {
      hideMarks(next);
      mark(next, parts);
      const message = faultOf(next);
      if (message !== undefined)
        faults.push({ position: typeof next.position === "number" ? next.position : undefined, message });
    }
    open.push(...Object.values(next));
  }
  return { parts, faults: faults.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)) };
}

/** In place, since this is the expression that runs. */
function hideMarks(part: Part): void {
  if ((part.type === "name" || part.type === "string") && typeof part.value === "string") part.value = veil(part.value);
}

function mark(part: Part, { read, selects, changes, ends }: Record<keyof Parts, Set<unknown>>): void {
  switch (part.type) {
    case "binary":
      if (READING.includes(String(part.value))) read.add(part.lhs).add(part.rhs);
      if (part.value === "..") ends.add(part.lhs).add(part.rhs);
      break;
    case "condition":
      read.add(part.condition);
      break;
    case "filter":
      read.add(part.expr);
      break;
    case "transform":
      selects.add(part.pattern);
      read.add(part.update).add(part.delete);
      changes.add(part.update).add(part.delete);
      break;
  }
}

function faultOf(part: Part): string | undefined {
  switch (part.type) {
    case "variable":
      return Object.hasOwn(REFUSED, String(part.value)) ? REFUSED[String(part.value)] : undefined;
    case "regex":
      return patternFault(part.value);
    case "lambda":
      // The library makes a regular expression from a signature, which may take for ever.
      if (part.signature !== undefined) return "declares a function with a signature <...>";
      return names(part.arguments).includes("clone") ? "gives $clone another meaning" : undefined;
    case "bind":
      return names([part.lhs]).includes("clone") ? "gives $clone another meaning" : undefined;
    default:
      return part.focus === "clone" || part.index === "clone" ? "gives $clone another meaning" : undefined;
  }
}

const names = (list: unknown): unknown[] =>
  Array.isArray(list) ? list.map((item: unknown) => (isRecord(item) ? item.value : undefined)) : [];

function patternFault(pattern: unknown): string | undefined {
  if (!(pattern instanceof RegExp)) return undefined;
  try {
    compileTransformPattern(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `the pattern /${pattern.source.slice(0, 40)}/ ${error.message}`;
  }
}
