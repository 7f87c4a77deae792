/** One write to a dispatch, as the database's own trigger noted it. Times in milliseconds since 1970. */
export interface Transition {
  at: number;
  dispatchId: string;
  oldStatus: string | null;
  status: string;
  attempts: number;
  claims: number;
  nextAttemptAt: number;
  /** Whether it belonged to a Workflow instance. */
  owned: boolean;
}

/** The writes of one dispatch with which somebody claimed it, to call it. */
export const claimsOf = (history: readonly Transition[]): Transition[] =>
  history.filter(({ claims }, index) => claims > (history[index - 1]?.claims ?? 0));

/** The write that made a dispatch final. */
export const endOf = (history: readonly Transition[] | undefined): Transition | undefined =>
  history?.find(({ status }) => status !== "ongoing");
