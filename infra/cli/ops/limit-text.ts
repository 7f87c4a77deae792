import type { FlowLimits } from "../../../schema/contract/flow.ts";
import { at } from "./print.ts";

/** The limits that an operator has set, and until when. */
export const limitText = ({ rate, concurrency, weight }: FlowLimits, until: Date | null): string =>
  [
    ...(rate === undefined
      ? []
      : [rate === null ? "no rate" : `rate ${rate.limit}/${rate.perSeconds} s, burst ${rate.burst ?? 1}`]),
    ...(concurrency === undefined ? [] : [concurrency === null ? "no concurrency" : `concurrency ${concurrency}`]),
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    `until ${at(until)}`,
  ].join(", ");
