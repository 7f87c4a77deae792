import type { RetryDelay } from "../../../schema/config/routes.ts";
import type { DestinationState } from "../../../schema/contract/operator.ts";

const NUMBER = new Intl.NumberFormat("en");

/** `1,204`. */
export const count = (n: number): string => NUMBER.format(n);

/** `1 dispatch`, `1,204 dispatches`. */
export const many = (n: number, one: string, several = `${one}s`): string => `${count(n)} ${n === 1 ? one : several}`;

/** `1,204 dispatches`. */
export const dispatches = (n: number): string => many(n, "dispatch", "dispatches");

/** `nothing yet`, `1 dispatch`, `1,204 dispatches`. */
export const heldDispatches = (n: number): string => (n === 0 ? "nothing yet" : dispatches(n));

/** Who paused a destination: `its circuit breaker`, `an operator`. */
export const pauserWords = ({ pausedBy }: Pick<DestinationState, "pausedBy">): string =>
  pausedBy === "breaker" ? "its circuit breaker" : "an operator";

/** A rate of 0 to 1 as `99.93 %`. A rate below 1 is never shown as 100 %. */
export function percent(rate: number | null): string {
  if (rate === null) return "–";
  const floored = Math.floor(rate * 10_000) / 100;
  return `${floored === 100 ? "100" : floored.toFixed(floored >= 99 ? 2 : 1)} %`;
}

/** `5 s apart`, `1 s doubling up to 60 s`. */
export const delayWords = (delay: RetryDelay): string =>
  delay.type === "constant" ? `${delay.interval} s apart` : `${delay.base} s, doubling up to ${delay.max} s`;

/** The end of an id. Ids of about the same time differ there, because their beginning is a time. */
export const shortId = (id: string): string => id.slice(-8);

/** `512 B`, `10.4 kB`, `1.2 MB`. */
export function bytes(n: number): string {
  if (n < 1_000) return `${n} B`;
  return n < 1_000_000 ? `${(n / 1_000).toFixed(1)} kB` : `${(n / 1_000_000).toFixed(1)} MB`;
}

/** Text as one line, cut. */
export function oneLine(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
