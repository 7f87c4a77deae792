import type { JsonValue } from "../../../schema/contract/index.ts";

/** A place where two JSON values differ. A value that has nothing at the place is `undefined`. */
export interface Difference {
  path: string;
  left: JsonValue | undefined;
  right: JsonValue | undefined;
}

/** The places where two values differ, in the order of their members. At most `most`, and whether there are more. */
export function differences(
  left: JsonValue,
  right: JsonValue,
  most: number,
): { found: Difference[]; more: boolean; same: number } {
  const found: Difference[] = [];
  let more = false;
  let same = 0;
  const compare = (path: string, one: JsonValue | undefined, other: JsonValue | undefined): void => {
    if (isBranch(one) && isBranch(other) && Array.isArray(one) === Array.isArray(other)) {
      const [ones, others] = [one as Members, other as Members];
      for (const key of new Set([...Object.keys(ones), ...Object.keys(others)])) {
        compare(`${path}${step(key, Array.isArray(one))}`, own(ones, key), own(others, key));
      }
      if (Object.keys(ones).length + Object.keys(others).length === 0) same++;
      return;
    }
    if (one === other) same++;
    else if (found.length < most) found.push({ path, left: one, right: other });
    else more = true;
  };
  compare("$", left, right);
  return { found, more, same };
}

type Members = { readonly [key: string]: JsonValue };

const isBranch = (value: JsonValue | undefined) => typeof value === "object" && value !== null;

const own = (members: Members, key: string) => (Object.hasOwn(members, key) ? members[key] : undefined);

const step = (key: string, inArray: boolean) =>
  inArray ? `[${key}]` : /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
