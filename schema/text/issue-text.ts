import type * as v from "valibot";

/** The words in which a caller reports what its schemas find. */
export interface IssueWords {
  /** For a key that the schema does not have. */
  unknownKey: string;
  /** For a value that its schema does not expect, if the schema has no words of its own. */
  unexpected(issue: v.BaseIssue<unknown>): string;
}

/** What is wrong with a value: in the schema's own words if it has some, otherwise in those of the caller. */
export function issueText(issue: v.BaseIssue<unknown>, { unknownKey, unexpected }: IssueWords): string {
  if (issue.expected === "never") return unknownKey;
  // All of valibot's own messages start with this. They name types as code does.
  return issue.message.startsWith("Invalid ") ? unexpected(issue) : issue.message;
}
