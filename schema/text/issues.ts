import type * as v from "valibot";

/** How a place words what its schemas find. */
export interface IssueWords {
  /** Of a key that the schema does not have. */
  unknownKey: string;
  /** Of a value that is not what its schema expects, where the schema has no words of its own. */
  unexpected(issue: v.BaseIssue<unknown>): string;
}

/** What is wrong with a value: in the schema's own words if it has some, otherwise in those of the place. */
export function issueText(issue: v.BaseIssue<unknown>, { unknownKey, unexpected }: IssueWords): string {
  if (issue.expected === "never") return unknownKey;
  // Valibot's own messages all begin so; they call types by the names of code.
  return issue.message.startsWith("Invalid ") ? unexpected(issue) : issue.message;
}
