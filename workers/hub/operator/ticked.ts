/** What one tick of the hub did. */
export interface Ticked {
  /** The number of events routed that were written in SQL. */
  routed: number;
  /** The number of operations continued. */
  operations: number;
}
