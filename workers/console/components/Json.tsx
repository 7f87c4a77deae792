import type { JsonValue } from "../../../schema/contract/index.ts";
import { count } from "../format/amounts.ts";

/** The most values shown of one JSON document, and the greatest depth. The rest is in the raw text. */
export const MAX_SHOWN_VALUES = 1_500;
export const MAX_SHOWN_DEPTH = 40;
/** The most characters shown of one string. */
export const MAX_SHOWN_STRING = 2_000;
/** The levels that are open at first. */
const OPEN_LEVELS = 2;

interface Budget {
  left: number;
  cut: boolean;
}

interface JsonProps {
  value: JsonValue;
  /** The URL of the whole document as text, if there is one. */
  raw?: string;
}

/** JSON, folded and coloured. Every text in it becomes a text node, so it is never markup. */
export const Json = ({ value, raw }: JsonProps) => {
  const budget: Budget = { left: MAX_SHOWN_VALUES, cut: false };
  const tree = node(value, 0, budget);
  return (
    <div class="json">
      <pre tabindex={0}>{tree}</pre>
      {budget.cut ? (
        <p class="cut">
          Only a part is shown. {raw === undefined ? undefined : <a href={raw}>Download all of it as text</a>}
        </p>
      ) : undefined}
    </div>
  );
};

function node(value: JsonValue, depth: number, budget: Budget) {
  if (budget.left-- <= 0 || depth > MAX_SHOWN_DEPTH) {
    budget.cut = true;
    return <span class="dim">…</span>;
  }
  if (typeof value === "string") return text(value, budget);
  if (value === null || typeof value !== "object") {
    return <span class={value === null ? "j-null" : `j-${typeof value}`}>{String(value)}</span>;
  }
  return Array.isArray(value) ? branch("[", "]", value, depth, budget) : branch("{", "}", value, depth, budget);
}

function text(value: string, budget: Budget) {
  if (value.length <= MAX_SHOWN_STRING) return <span class="j-string">{JSON.stringify(value)}</span>;
  budget.cut = true;
  return (
    <span class="j-string">
      {JSON.stringify(value.slice(0, MAX_SHOWN_STRING)).slice(0, -1)}…
      <span class="dim"> {count(value.length)} characters</span>
    </span>
  );
}

function branch(open: string, close: string, value: object, depth: number, budget: Budget) {
  const isArray = Array.isArray(value);
  const keys = isArray ? undefined : Object.keys(value);
  const size = keys?.length ?? (value as JsonValue[]).length;
  if (size === 0) return <span>{`${open}${close}`}</span>;
  return (
    <details {...(depth < OPEN_LEVELS ? { open: true } : {})}>
      <summary>
        {open}
        <span class="folded">
          {count(size)} {isArray ? (size === 1 ? "item" : "items") : size === 1 ? "key" : "keys"} {close}
        </span>
      </summary>
      <div class="j-in">{children(value, keys, depth, budget)}</div>
      {close}
    </details>
  );
}

function children(value: object, keys: string[] | undefined, depth: number, budget: Budget) {
  const values: readonly JsonValue[] = keys === undefined ? (value as JsonValue[]) : Object.values(value);
  const lines = [];
  for (const [index, one] of values.entries()) {
    const key = keys?.[index];
    if (budget.left <= 0) {
      budget.cut = true;
      lines.push(<div class="dim">… {count(values.length - index)} more</div>);
      break;
    }
    lines.push(
      <div>
        {key === undefined ? undefined : <span class="j-key">{JSON.stringify(key)}</span>}
        {key === undefined ? undefined : ": "}
        {node(one, depth + 1, budget)}
      </div>,
    );
  }
  return lines;
}
