import {
  DISPATCH_STATUSES,
  FINAL_STATUSES,
  isUnhappy,
  STATUSES,
  UNHAPPY_STATUSES,
} from "../../../schema/vocabulary/statuses.ts";

const CALM = FINAL_STATUSES.filter((status) => !isUnhappy(status));

/** The styles that follow from the facts of the statuses. colors.css has the colour of each tone. The style files have those of other states. */
export const STATUS_STYLE = [
  ...DISPATCH_STATUSES.map((status) => `.s-${status} { --tone: var(--${STATUSES[status].tone}); }`),
  // Nobody has to act on these, so a mark is enough.
  `.status:is(${CALM.map((status) => `.s-${status}`).join(", ")}) { color: var(--dim); font-weight: 400; }`,
  ...UNHAPPY_STATUSES.map((status) => `.step.s-${status}::before { background: var(--tone); }`),
].join("\n");
