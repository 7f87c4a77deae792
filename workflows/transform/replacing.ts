import type { Meter } from "./meter.ts";

/** The result of a matcher: of a regular expression, or of a function of the user. */
interface Match {
  match?: unknown;
  start?: unknown;
  next?: unknown;
}

type Matcher = { apply(self: unknown, args: unknown[]): unknown };

/** Makes a matcher pay for each match: for the text before it, and for what `cost` returns, in characters. */
export function paidMatcher(matcher: unknown, meter: Meter, cost: (match: Match) => number, from = 0) {
  return async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    const match = (await (matcher as Matcher).apply(this, args)) as Match | undefined;
    if (typeof match !== "object" || match === null) return match;
    const start = Number(match.start) || 0;
    meter.text(Math.abs(start - from) + cost(match));
    const end = start + textLength(match.match);
    return { ...match, next: match.next && paidMatcher(match.next, meter, cost, end) };
  };
}

/** `$replace` makes a text as long as all its replacements together. */
export function payReplace(args: unknown[], meter: Meter): void {
  const [text, pattern, replacement] = args;
  if (typeof text !== "string") return;
  const inserted = textLength(replacement);
  if (typeof pattern !== "string") {
    // Each $ may stand for the whole match.
    const whole = typeof replacement === "string" ? replacement.split("$").length - 1 : 0;
    let total = text.length;
    args[1] = paidMatcher(pattern, meter, ({ match }) => {
      const made = inserted + whole * textLength(match);
      total += made;
      meter.boundText(total);
      return made;
    });
    return;
  }
  if (pattern === "") return; // refused by the function itself
  let count = 0;
  for (let at = text.indexOf(pattern); at !== -1; at = text.indexOf(pattern, at + pattern.length)) count++;
  meter.text(text.length + count * inserted);
}

const textLength = (value: unknown) => (typeof value === "string" ? value.length : 0);
