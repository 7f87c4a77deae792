import { TransformFault } from "./fault.ts";
import { isFunction, type Meter } from "./meter.ts";
import { type Native, natives, REFUSED } from "./natives.ts";
import { checkDatePicture, checkNumberPicture, checkParsedDate } from "./pictures.ts";
import { paidMatcher, payReplace } from "./replacing.ts";

type Arguments = unknown[];

/** Functions that read all of their arguments, and not only the length. */
const READ_ALL: ReadonlySet<string> = new Set(
  "string clone boolean not keys lookup each sift merge join distinct sort spread sum max min average".split(" "),
);

/** What a function pays in advance, because it may make much from little, or why it is refused. May replace arguments. */
const IN_ADVANCE: Readonly<Record<string, (args: Arguments, meter: Meter) => void>> = {
  length: apart,
  substring: apart,
  pad: ([text, width, filling], meter) => {
    apart([text], meter);
    const length = typeof filling === "string" && filling !== "" ? filling.length : 1;
    meter.text(Math.abs(Number(width)) * length);
  },
  join: ([texts, separator], meter) => {
    if (Array.isArray(texts) && typeof separator === "string") meter.text(texts.length * separator.length);
    meter.text(Math.max(0, meter.size(texts).weight - 8 * lengthOf(texts) - 8));
  },
  string: ([value, prettify], meter) => {
    const { weight, depth } = meter.size(value);
    // Each value is on its own line, after two spaces per level.
    if (prettify === true) meter.text(weight + (weight / 8) * 2 * depth);
  },
  contains: search,
  substringBefore: search,
  substringAfter: search,
  split: (args, meter) => {
    search(args, meter);
    if (isFunction(args[1])) args[1] = paidMatcher(args[1], meter, () => 0);
  },
  replace: (args, meter) => {
    search(args, meter);
    payReplace(args, meter);
  },
  // It compares each member with each other.
  distinct: ([list], meter) => meter.spend((lengthOf(list) * meter.size(list).weight) / 1_024),
  // For every member, each merge copies the rest of both sides.
  sort: ([list], meter) => {
    const length = lengthOf(list);
    meter.spend(length ** 2 / 4_096 + (meter.size(list).weight * Math.log2(length + 1)) / 128);
  },
  spread: ([list], meter) => {
    refuseFunctions(list);
    meter.spend(lengthOf(list) ** 2 / 4_096);
  },
  merge: ([list]) => refuseFunctions(list),
  formatNumber: ([, picture, options]) => checkNumberPicture(picture, options),
  formatInteger: ([, picture]) => checkNumberPicture(picture),
  parseInteger: ([, picture]) => checkNumberPicture(picture),
  fromMillis: ([, picture]) => checkDatePicture(picture),
  now: ([picture]) => checkDatePicture(picture),
  toMillis: (args) => checkParsedDate(args),
};

/**
 * The functions of one evaluation, each of which pays for what it does. They are made anew for each evaluation, since an expression can write to
 * them.
 */
export function functionsOf(meter: Meter, emittedAt: Date): Record<string, Native | undefined> {
  const bound: Record<string, Native | undefined> = {};
  for (const [name, native] of natives()) {
    const implementation = OWN[name]?.(emittedAt) ?? native.implementation;
    bound[name] = { ...native, implementation: paid(name, native, implementation, meter) };
  }
  // Otherwise the library would find its own.
  for (const name of Object.keys(REFUSED)) bound[name] = undefined;
  return bound;
}

/** Our own implementations, for functions that read a clock or need Node. */
const OWN: Readonly<Record<string, (emittedAt: Date) => Native["implementation"]>> = {
  now: (emittedAt) =>
    function (picture, timezone) {
      return natives().get("fromMillis")?.implementation.call(this, emittedAt.getTime(), picture, timezone);
    },
  millis: (emittedAt) => () => emittedAt.getTime(),
  // Parts that the picture leaves out come from the current date, here that of the event.
  toMillis: (emittedAt) => (text, picture) =>
    natives()
      .get("toMillis")
      ?.implementation.call({ environment: { timestamp: emittedAt } }, text, picture),
  base64encode: () => (text) => (text === undefined ? undefined : btoa(String(text))),
  base64decode: () => (text) => (text === undefined ? undefined : atob(String(text))),
};

function paid(name: string, native: Native, implementation: Native["implementation"], meter: Meter) {
  function bounded(this: unknown, ...args: Arguments): unknown {
    meter.spend(1);
    for (const value of args) {
      checkNumber(value);
      if (READ_ALL.has(name)) meter.read(value);
      else if (typeof value === "string") meter.characters(value.length);
      else if (Array.isArray(value)) meter.members(value.length);
    }
    IN_ADVANCE[name]?.(args, meter);
    const result = implementation.apply(this, args);
    if (!(result instanceof Promise)) return payResult(result, meter);
    return result.then((late) => payResult(late, meter));
  }
  // The library reads the number and the names of a function's parameters from its source text.
  const source = String(native.implementation);
  return Object.defineProperties(bounded, {
    length: { value: native.implementation.length },
    toString: { value: () => source },
  });
}

/** Pays for what a function or an operator made. */
export function payResult(result: unknown, meter: Meter): unknown {
  checkNumber(result);
  if (typeof result === "string") meter.text(result.length);
  else if (typeof result === "object" && result !== null) {
    meter.size(result);
    if (Array.isArray(result)) meter.members(result.length);
  }
  return result;
}

/** With these, the library may compute for ever. */
function checkNumber(value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new TransformFault(`makes ${value}, which JSON does not have`);
}

/** A search looks at each character and, in bad cases, at a large part of the pattern for each. */
function search([text, part]: Arguments, meter: Meter): void {
  if (typeof text === "string" && typeof part === "string") meter.spend((text.length * part.length) / 65_536);
}

/** The library splits the text to count its code points, which takes about 100 ns for each. */
function apart([text]: Arguments, meter: Meter): void {
  if (typeof text === "string") meter.characters(8 * text.length);
}

/** The parts of a function would show the library's internals. */
function refuseFunctions(value: unknown): void {
  const list = Array.isArray(value) ? value : [value];
  for (const member of list) {
    if (Array.isArray(member)) refuseFunctions(member);
    else if (isFunction(member)) throw new TransformFault("takes a function apart");
  }
}

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 1);
