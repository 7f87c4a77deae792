/** What one run of the hub's cron did. */
export interface Ticked {
  /** Events routed that were written in SQL. */
  routed: number;
  /** Operations gone on with. */
  operations: number;
}
