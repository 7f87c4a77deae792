import { TransformFault } from "./fault.ts";
import { isFunction, type Meter } from "./meter.ts";
import { type Native, natives } from "./natives.ts";
import { checkDatePicture, checkNumberPicture, checkParsedDate } from "./pictures.ts";
import { paidMatcher, payReplace } from "./replacing.ts";

type Arguments = unknown[];

/** Functions that read all of what they are given, and not only its length. */
const READ_ALL: ReadonlySet<string> = new Set(
  "string clone boolean not keys lookup each sift merge join distinct sort spread sum max min average".split(" "),
);

/** What a function pays in advance for making much of little, or refuses. It may replace arguments. */
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
    // Each value on a line of its own, behind two spaces for each level.
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
  // Each is compared with each.
  distinct: ([list], meter) => meter.spend((lengthOf(list) * meter.size(list).weight) / 1_024),
  // Each merge copies what is left of both sides for every member.
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

/** The functions of one evaluation, each paying for what it does. Made anew for each, since an expression can write to them. */
export function functionsOf(meter: Meter, emittedAt: Date): Record<string, Native | undefined> {
  // Without these the library would find its own.
  const bound: Record<string, Native | undefined> = { eval: undefined, random: undefined, shuffle: undefined };
  for (const [name, native] of natives()) {
    const implementation = OWN[name]?.(emittedAt) ?? native.implementation;
    bound[name] = { ...native, implementation: paid(name, native, implementation, meter) };
  }
  return bound;
}

/** Implementations of our own, in place of those that ask a clock, or for Node. */
const OWN: Readonly<Record<string, (emittedAt: Date) => Native["implementation"]>> = {
  now: (emittedAt) =>
    function (picture, timezone) {
      return natives().get("fromMillis")?.implementation.call(this, emittedAt.getTime(), picture, timezone);
    },
  millis: (emittedAt) => () => emittedAt.getTime(),
  // What a picture leaves out is today's.
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
  // The library reads a function's number of parameters, and their names, off its source.
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

/** The library may calculate with these for ever. */
function checkNumber(value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new TransformFault(`makes ${value}, which JSON has not`);
}

/** A search looks at each character, and in bad cases at a good part of the pattern for each. */
function search([text, part]: Arguments, meter: Meter): void {
  if (typeof text === "string" && typeof part === "string") meter.spend((text.length * part.length) / 65_536);
}

/** Code points are counted by taking the text apart, at some 100 ns each. */
function apart([text]: Arguments, meter: Meter): void {
  if (typeof text === "string") meter.characters(8 * text.length);
}

/** Taken apart, a function would show what is inside of the library. */
function refuseFunctions(value: unknown): void {
  const list = Array.isArray(value) ? value : [value];
  for (const member of list) {
    if (Array.isArray(member)) refuseFunctions(member);
    else if (isFunction(member)) throw new TransformFault("takes a function apart");
  }
}

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 1);
