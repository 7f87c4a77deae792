/** What a run of reconciling looks at. */
export interface Look {
  /** What is overdue by more than this. */
  graceSeconds: number;
  /** Where to look beyond what is oldest, from 0 to 1. */
  turn: number;
}

/** Where to look this time: mostly near by, where what waits after an outage is, and now and then anywhere. */
export const nextTurn = (): number => Math.random() ** 8;
