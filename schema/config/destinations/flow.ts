import type { Destination } from "./index.ts";
export interface Rate {
  limit: number;
  perSeconds: number;
  burst: number;
}
export interface FlowRules {
  rate?: Rate;
  concurrency?: number;
  key?: { rate?: Rate; concurrency?: number; weights?: Readonly<Record<string, number>> };
  hold?: boolean;
}
export function flowRulesOf(_: Destination | undefined): FlowRules | undefined {
  return undefined;
}
