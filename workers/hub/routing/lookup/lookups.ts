import type { JsonValue } from "../../../../schema/contract/index.ts";
import { fold } from "../operators/fold.ts";
import { AffixLookup } from "./affix.ts";
import { BlockLookup } from "./block.ts";
import type { Key } from "./keys.ts";
import { SpanLookup } from "./span.ts";
import { SubstringLookup } from "./substring.ts";

/** Finds the targets that are filed under the keys of a value. */
export interface Lookup<T> {
  find(value: JsonValue, visit: (target: T) => void): void;
}

/** A key, and the target that is filed under it. */
export interface Entry<T> {
  readonly key: Key;
  readonly target: T;
}

type KeyOf<K> = Key extends infer Each
  ? Each extends { kind: infer Kind }
    ? K extends Kind
      ? Each
      : never
    : never
  : never;
type EntryOf<T, K> = { readonly key: KeyOf<K>; readonly target: T };

/** One lookup for each kind of key that occurs. */
export function buildLookups<T>(entries: readonly Entry<T>[]): Lookup<T>[] {
  const of = <K extends Key["kind"]>(kind: K) => entries.filter(({ key }) => key.kind === kind) as EntryOf<T, K>[];
  const lookups: Lookup<T>[] = [];
  const add = <E>(some: readonly E[], build: (some: readonly E[]) => Lookup<T>) => {
    if (some.length > 0) lookups.push(build(some));
  };
  add(of("value"), (some) => valueLookup(new Map(some.map(({ key, target }) => [key.value, target]))));
  add(of("folded"), (some) => foldedLookup(new Map(some.map(({ key, target }) => [key.text, target]))));
  add(of("member"), (some) => memberLookup(new Map(some.map(({ key, target }) => [key.value, target]))));
  add(of("foldedMember"), (some) => foldedMemberLookup(new Map(some.map(({ key, target }) => [key.text, target]))));
  for (const folded of [false, true]) {
    const texts = (kind: "prefix" | "suffix" | "substring") =>
      of(kind)
        .filter(({ key }) => key.folded === folded)
        .map(({ key, target }) => ({ text: key.text, target }));
    add(texts("prefix"), (some) => textLookup(new AffixLookup(some, "prefix"), folded));
    add(texts("suffix"), (some) => textLookup(new AffixLookup(some, "suffix"), folded));
    add(texts("substring"), (some) => textLookup(new SubstringLookup(some), folded));
  }
  add(of("span"), (some) => new SpanLookup(some.map(({ key, target }) => ({ span: key.span, target }))));
  add(of("block"), (some) => new BlockLookup(some.map(({ key, target }) => ({ block: key.block, target }))));
  add(of("present"), presentLookup);
  return lookups;
}

function presentLookup<T>(entries: readonly { target: T }[]): Lookup<T> {
  return {
    find(_value, visit) {
      for (const { target } of entries) visit(target);
    },
  };
}

function valueLookup<T>(targets: ReadonlyMap<JsonValue, T>): Lookup<T> {
  return {
    find(value, visit) {
      const target = targets.get(value);
      if (target !== undefined) visit(target);
    },
  };
}

function foldedLookup<T>(targets: ReadonlyMap<string, T>): Lookup<T> {
  return {
    find(value, visit) {
      const target = typeof value === "string" ? targets.get(fold(value)) : undefined;
      if (target !== undefined) visit(target);
    },
  };
}

function memberLookup<T>(targets: ReadonlyMap<JsonValue, T>): Lookup<T> {
  const members = valueLookup(targets);
  return {
    find(value, visit) {
      if (Array.isArray(value)) for (const member of value) members.find(member, visit);
    },
  };
}

function foldedMemberLookup<T>(targets: ReadonlyMap<string, T>): Lookup<T> {
  const members = foldedLookup(targets);
  return {
    find(value, visit) {
      if (Array.isArray(value)) for (const member of value) members.find(member, visit);
    },
  };
}

function textLookup<T>(lookup: { find(text: string, visit: (target: T) => void): void }, folded: boolean): Lookup<T> {
  return {
    find(value, visit) {
      if (typeof value === "string") lookup.find(folded ? fold(value) : value, visit);
    },
  };
}
