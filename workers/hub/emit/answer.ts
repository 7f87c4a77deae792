import type { EmitResult, EmittedEvent } from "../../../schema/contract/index.ts";
import type { StoredEvent } from "../../../schema/queries/events/find-events-by-keys.ts";
import type { Prepared } from "./prepare.ts";

/** What is stored for an event: what this call stored, or what an earlier one stored under its key. */
export type StoredForEvent = Pick<StoredEvent, "id"> & Partial<StoredEvent>;

/** What is stored for each event of a call, by {@link nameOf}. */
export type StoredByName = ReadonlyMap<string, StoredForEvent>;

/** Identifies an event among those of its call, and in the database. */
export const nameOf = ({ id, idempotencyKey, idempotencyIndex }: Prepared) =>
  idempotencyKey === undefined ? id : keyName({ idempotencyKey, idempotencyIndex });

/** The name of an event with an idempotency key. */
export const keyName = ({ idempotencyKey, idempotencyIndex }: { idempotencyKey: string; idempotencyIndex: number }) =>
  `${idempotencyIndex} ${idempotencyKey}`;

/** The events of a call that were not stored before. */
export const freshOf = (events: readonly Prepared[], stored: StoredByName): Prepared[] =>
  events.filter((event) => stored.get(nameOf(event))?.id === event.id);

/** The answer to the caller about its events, once they are stored. */
export const answerOf = (events: readonly Prepared[], stored: StoredByName): EmitResult => ({
  events: events.map((event) => answerOne(event, stored.get(nameOf(event)))),
});

function answerOne(event: Prepared, stored: StoredForEvent | undefined): EmittedEvent {
  // Storing ends without an error only when every event was found.
  if (stored === undefined) throw new Error(`event ${event.id} is not stored`);
  const duplicate = stored.id !== event.id;
  const dispatches = duplicate
    ? (stored.dispatches ?? [])
    : event.dispatches.map(({ id, destination }) => ({ id, destination }));
  return { id: stored.id, duplicate, dispatches };
}
