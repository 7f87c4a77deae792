import type { FlowConditions } from "../../../schema/queries/flow/list-flows.ts";
import type { KeyOf } from "../../../schema/vocabulary/statuses.ts";
import { fingerprint } from "./cursor.ts";
import { OperatorError } from "./operator-error.ts";

/** The place where a page of keys ended. */
interface Place {
  destination: string;
  key: string;
}

/** The conditions of a list, and which keys it shows. */
type Asked = FlowConditions & { of: KeyOf };

const printOf = (filter: Asked): string => fingerprint({ list: "flows", order: "key", filter });

/** A cursor as text: opaque to callers, and refused with another filter. */
export function encodeFlowCursor(filter: Asked, { destination, key }: Place): string {
  const bytes = new TextEncoder().encode(JSON.stringify([destination, key, printOf(filter)]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The place in a cursor. @throws OperatorError `invalid_arguments` */
export function decodeFlowCursor(filter: Asked, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [destination, key, print] = read(cursor);
  if (typeof destination !== "string" || typeof key !== "string")
    throw new OperatorError("invalid_arguments", "page.cursor: is not a cursor from a page");
  if (print !== printOf(filter)) throw new OperatorError("invalid_arguments", "page.cursor: belongs to another filter");
  return { destination, key };
}

function read(cursor: string): unknown[] {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
