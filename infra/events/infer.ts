import type { EventPayload, JsonValue } from "../../schema/contract/index.ts";
import { type TypeName, typeOf } from "../../workers/hub/events/json-schema/values.ts";

/** The most different texts at a place that are proposed as an enum, if each was seen several times. */
const MAX_ENUM = 8;
const MIN_PER_VALUE = 5;

/** The longest text that is stored to find out whether a place has few different ones. */
const MAX_KEPT_LENGTH = 40;

/** What was seen at one place in several payloads. */
class Seen {
  count = 0;
  readonly types = new Set<TypeName>();
  readonly members = new Map<string, Seen>();
  objects = 0;
  items: Seen | undefined;
  texts: Set<string> | undefined = new Set();

  add(value: JsonValue): void {
    this.count++;
    const type = typeOf(value);
    this.types.add(type === "number" && Number.isInteger(value) ? "integer" : type);
    if (typeof value === "string") this.#text(value);
    else if (Array.isArray(value)) {
      this.items ??= new Seen();
      for (const item of value) this.items.add(item);
    } else if (typeof value === "object" && value !== null) {
      this.objects++;
      for (const [key, one] of Object.entries(value as EventPayload)) {
        const member = this.members.get(key) ?? new Seen();
        this.members.set(key, member);
        member.add(one);
      }
    }
  }

  #text(text: string): void {
    if (this.texts === undefined) return;
    this.texts.add(text);
    if (text.length > MAX_KEPT_LENGTH || this.texts.size > MAX_ENUM) this.texts = undefined;
  }

  schema(): Record<string, unknown> {
    if (this.types.has("number")) this.types.delete("integer");
    const types = [...this.types].sort();
    const only = types[0];
    return {
      ...(types.length === 0 ? {} : { type: types.length === 1 ? only : types }),
      ...this.#values(only),
      ...(this.objects > 0 ? this.#object() : {}),
      ...(this.items === undefined || this.items.count === 0 ? {} : { items: this.items.schema() }),
    };
  }

  #values(only: TypeName | undefined): object {
    if (this.types.size !== 1 || only !== "string" || this.texts === undefined) return {};
    return this.count >= this.texts.size * MIN_PER_VALUE ? { enum: [...this.texts].sort() } : {};
  }

  #object(): object {
    const properties = Object.fromEntries([...this.members].map(([name, member]) => [name, member.schema()]));
    const required = [...this.members].filter(([, { count }]) => count === this.objects).map(([name]) => name);
    return { properties, ...(required.length === 0 ? {} : { required }) };
  }
}

/** A JSON Schema that all of these payloads match. It is a proposal, which a person should check. */
export function inferSchema(payloads: readonly EventPayload[]): Record<string, unknown> {
  const seen = new Seen();
  for (const payload of payloads) seen.add(payload);
  return seen.schema();
}
