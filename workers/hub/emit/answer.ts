import type { EmitResult, EmittedEvent } from "../../../schema/contract/index.ts";
import type { StoredEvent } from "../../../schema/queries/events/find-events-by-keys.ts";
import type { Prepared } from "./prepare.ts";

/** What is stored for an event, ours or what was stored under its key before. */
export type StoredForEvent = Pick<StoredEvent, "id"> & Partial<StoredEvent>;

/** What is stored for each event of a call, by {@link nameOf}. */
export type StoredByName = ReadonlyMap<string, StoredForEvent>;

/** What tells an event from the others of its call, and finds it in the database. */
export const nameOf = ({ id, idempotencyKey, idempotencyIndex }: Prepared) =>
  idempotencyKey === undefined ? id : keyName({ idempotencyKey, idempotencyIndex });

/** The name of what has an idempotency key. */
export const keyName = ({ idempotencyKey, idempotencyIndex }: { idempotencyKey: string; idempotencyIndex: number }) =>
  `${idempotencyIndex} ${idempotencyKey}`;

/** Those of a call's events that were not there before. */
export const freshOf = (events: readonly Prepared[], stored: StoredByName): Prepared[] =>
  events.filter((event) => stored.get(nameOf(event))?.id === event.id);

/** What the caller is told of its events, once they are stored. */
export const answerOf = (events: readonly Prepared[], stored: StoredByName): EmitResult => ({
  events: events.map((event) => answerOne(event, stored.get(nameOf(event)))),
});

function answerOne(event: Prepared, stored: StoredForEvent | undefined): EmittedEvent {
  // Whoever stores ends only when every event was found.
  if (stored === undefined) throw new Error(`event ${event.id} is not stored`);
  const duplicate = stored.id !== event.id;
  const dispatches = duplicate
    ? (stored.dispatches ?? [])
    : event.dispatches.map(({ id, destination }) => ({ id, destination }));
  return { id: stored.id, duplicate, dispatches };
}
