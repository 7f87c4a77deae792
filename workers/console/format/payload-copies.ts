import type { EventPayload } from "../../../schema/contract/index.ts";
import { printableJson } from "../../../schema/text/printable.ts";

/** The formats in which an event's payload can be copied, to be sent again from elsewhere. */
export const COPIES = {
  json: { label: "JSON", write: (json: string) => json },
  emit: { label: "emit() call", write: (json: string) => `await env.EVENTHUB.emit(${json});` },
  sql: { label: "SQL", write: (json: string) => `select eventhub.emit('${json.replaceAll("'", "''")}'::jsonb);` },
  // The hub has no URL of its own, so this posts to a producer's. No line of JSON can be the word that ends the text.
  curl: {
    label: "curl",
    write: (json: string) =>
      `curl --fail-with-body -H 'Content-Type: application/json' --data-binary @- "\${PRODUCER_URL:?the address of your producer}" <<'JSON'\n${json}\nJSON`,
  },
} as const satisfies Readonly<Record<string, { label: string; write(json: string): string }>>;

/** The name of one of {@link COPIES}. */
export type CopyFormat = keyof typeof COPIES;

/** Whether a name is that of a format. */
export const isCopyFormat = (name: string): name is CopyFormat => Object.hasOwn(COPIES, name);

/** A payload as text in a format. Invisible characters are spelt out. */
export const copyOf = (payload: EventPayload, format: CopyFormat): string =>
  `${COPIES[format].write(printableJson(payload, 2))}\n`;
