/** One write to a dispatch, as the database's own trigger noted it. Times in milliseconds since 1970. */
export interface Transition {
  at: number;
  dispatchId: string;
  oldStatus: string | null;
  status: string;
  attempts: number;
  claims: number;
  nextAttemptAt: number;
}
