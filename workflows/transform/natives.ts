import jsonata from "jsonata";

/** A built-in function, as the library stores it. */
export interface Native {
  _jsonata_function: true;
  implementation: (this: unknown, ...args: unknown[]) => unknown;
  signature?: { definition: string };
}

/** An environment of the library: names and their values. `base` is that of the whole evaluation. */
export interface Environment {
  base: { RegexEngine: RegExpConstructor };
  lookup(name: string): unknown;
}

/** The hooks of the library, which it calls before and after it evaluates each part of an expression. */
export const ENTRY = Symbol.for("jsonata.__evaluate_entry");
export const EXIT = Symbol.for("jsonata.__evaluate_exit");

/** The built-in functions that no expression may call, each with the reason: it is refused with the configuration, and does not exist in a run. */
export const REFUSED: Readonly<Record<string, string>> = {
  eval: "calls $eval, but an expression must not make another one",
  random: "calls $random, but a retry must deliver the same",
  shuffle: "calls $shuffle, but a retry must deliver the same",
};

/** The built-in functions that an expression may call. */
const NAMES =
  "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join " +
  "formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power boolean not map zip filter single reduce sift keys lookup " +
  "append exists spread merge reverse each error assert type sort distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent " +
  "decodeUrl toMillis fromMillis clone now millis";

let found: ReadonlyMap<string, Native> | undefined;

/** The library's own implementations, by name. The library gives them only to expressions. */
export function natives(): ReadonlyMap<string, Native> {
  found ??= readNatives();
  return found;
}

function readNatives(): ReadonlyMap<string, Native> {
  const read = new Map<string, Native>();
  const expression = jsonata("1");
  const hook = (_expression: unknown, _input: unknown, environment: Environment) => {
    for (const name of NAMES.split(" ")) read.set(name, environment.lookup(name) as Native);
  };
  expression.assign(ENTRY as unknown as string, hook);
  // The hook is called before the first await.
  void expression.evaluate(null);
  return read;
}
