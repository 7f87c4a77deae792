/** The part of the database that a run of reconciling examines. */
export interface Look {
  /** Only dispatches that are overdue by more than this, in seconds, are examined. */
  graceSeconds: number;
  /** Where to look beyond the oldest dispatches, from 0 to 1. */
  turn: number;
}

/** A random place to look: usually near the oldest, where dispatches wait after an outage, and sometimes anywhere. */
export const nextTurn = (): number => Math.random() ** 8;
