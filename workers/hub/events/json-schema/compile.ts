import { at, type Faults, isRecord, type Place, show } from "../../../../schema/config/faults.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { allOf, type Check, type EventFault, Report } from "./check.ts";
import { KEYWORDS, type Reader, wrapUnevaluated } from "./keywords.ts";
import { baseOf, type Located, References, ROOT } from "./refs.ts";

/** The faults of a payload under a schema; `undefined` if there are none. */
export type JsonSchemaCheck = (payload: JsonValue) => readonly EventFault[] | undefined;

/** The only supported dialect. A schema of another would be misread. */
export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

export interface CompileOptions {
  /** Whether `format` is checked. Default true. JSON Schema itself treats it as an annotation. */
  formats?: boolean;
}

/**
 * Compiles a JSON Schema (draft 2020-12) to functions, since Workers may not create code from text. Adds a fault for everything that it refuses: an
 * unknown type, a pattern that cannot run in linear time, a reference that leads out of the schema.
 */
export function compileJsonSchema(
  schema: unknown,
  place: Place | undefined,
  faults: Faults,
  { formats = true }: CompileOptions = {},
): JsonSchemaCheck {
  const document: Located = { schema, place, base: ROOT };
  const check = new Compiler(new References(document), faults, formats).compile(document);
  return (payload) => {
    // Most events are valid, so a first run collects no faults.
    if (check(payload, undefined, undefined, undefined)) return undefined;
    const report = new Report();
    check(payload, undefined, report, undefined);
    return report.faults;
  };
}

class Compiler {
  readonly #references: References;
  readonly #faults: Faults;
  readonly #formats: boolean;
  readonly #compiled = new Map<unknown, Check>();

  constructor(references: References, faults: Faults, formats: boolean) {
    this.#references = references;
    this.#faults = faults;
    this.#formats = formats;
  }

  /** Compiles each schema once. Otherwise, a schema that refers to itself would never end. */
  compile(located: Located): Check {
    const { schema, place } = located;
    if (schema === true) return () => true;
    if (schema === false) return (_value, step, report) => !!report?.add(step, "must not be present");
    if (!isRecord(schema)) {
      this.#faults.add(place, `must be a JSON Schema (an object, true or false), got ${show(schema)}`);
      return () => true;
    }
    const known = this.#compiled.get(schema);
    if (known !== undefined) return known;
    let compiled: Check | undefined;
    this.#compiled.set(schema, (...args) => compiled?.(...args) ?? true);
    compiled = this.#read(schema, { ...located, base: baseOf(located) });
    this.#compiled.set(schema, compiled);
    return compiled;
  }

  #read(schema: Readonly<Record<string, unknown>>, { place, base }: Located): Check {
    const reader: Reader = {
      schema,
      formats: this.#formats,
      refuse: (keyword, message) => this.#faults.add(at(place, keyword), message),
      below: (keys, one) =>
        this.compile({
          schema: one,
          place: keys.reduce<Place | undefined>((parent, key) => at(parent, key), place),
          base,
        }),
      refer: (keyword, reference) => this.#refer(at(place, keyword), keyword, reference, base),
    };
    if (Object.hasOwn(schema, "$schema") && String(schema.$schema).replace(/#$/, "") !== DIALECT)
      reader.refuse("$schema", `must be ${DIALECT}, got ${show(schema.$schema)}`);
    const checks = KEYWORDS.flatMap((read) => read(reader) ?? []);
    return wrapUnevaluated(allOf(checks), reader);
  }

  #refer(place: Place, keyword: string, reference: unknown, base: string): Check {
    const found = typeof reference === "string" ? this.#references.find(reference, base) : undefined;
    if (found === undefined) {
      this.#faults.add(place, `leads to nothing in this schema: ${show(reference)}`);
      return () => true;
    }
    if (keyword === "$dynamicRef" && this.#references.isAmbiguous(String(reference)))
      this.#faults.add(place, "leads to an anchor that several schemas have, which is not supported");
    return this.compile(found);
  }
}
