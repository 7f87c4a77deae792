import type { EventPayload } from "../../../schema/contract/index.ts";
import { FileFaults, JsonFile } from "../../project/json-file.ts";

/** The members that an answer about an event has beside its payload. */
const ANSWERED = ["id", "createdAt", "payloadBytes", "payload"];

/**
 * The payload in a file, which may also be an event as `ops --json event` prints it. @throws FileFaults if it cannot be read, or has anything else
 */
export function payloadIn(path: string): EventPayload {
  const payload = new JsonFile(path).object();
  if (ANSWERED.every((name) => Object.hasOwn(payload, name)))
    throw new FileFaults([
      `${path}: holds what \`ops --json event\` prints; give only its "payload", or call \`ops explain --event\``,
    ]);
  return payload;
}
