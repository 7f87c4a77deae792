import type { EventPayload, JsonValue } from "../../../schema/contract/index.ts";
import type { Load } from "./protocol.ts";

/** A line of a shop's order: about 90 bytes. */
const line = (n: number): JsonValue => ({
  sku: `SKU-${n.toString(36).padStart(6, "0")}`,
  title: "Wool blanket, dark green",
  quantity: 1 + (n % 7),
  price: 19.9 + n,
});
const LINE_BYTES = JSON.stringify(line(1_000)).length + 1;

/** A payload of about `bytes` bytes, of the structure that real ones have. */
export function makePayload(
  { run, to, bytes, customer, customers = 1_000, kind = "order.paid" }: Load,
  n: number,
): EventPayload {
  const lines = Array.from({ length: Math.max(1, Math.round((bytes - 100) / LINE_BYTES)) }, (_, i) => line(n + i));
  return { to, run, n, kind, customer: customer ?? `customer-${n % customers}`, lines };
}
