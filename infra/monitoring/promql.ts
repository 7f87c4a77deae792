import type { LABELS, LabelName, METRICS, MetricName, MetricOfType } from "../../schema/vocabulary/metrics.ts";

/** The labels of a family, each with one value, several, or a variable of the dashboard. */
export type Matchers<Name extends MetricName> = {
  readonly [Label in (typeof METRICS)[Name]["labels"][number]]?: ValueOf<Label> | readonly ValueOf<Label>[] | Variable;
};

type ValueOf<Label extends LabelName> = (typeof LABELS)[Label] extends readonly (infer Value extends string)[]
  ? Value
  : string;

/** A variable of the dashboard: several values, in the form of a regular expression. */
type Variable = { readonly variable: string };

/** The series of a gauge. The compiler refuses names, labels and values that are not in the table of metrics. */
export const gauge = <Name extends MetricOfType<"gauge">>(name: Name, matchers?: Matchers<Name>): string =>
  selector(name, matchers);

/** How much a counter rises per second, over a time such as `5m`. */
export const rate = <Name extends MetricOfType<"counter">>(name: Name, over: string, matchers?: Matchers<Name>) =>
  `rate(${selector(`${name}_total`, matchers)}[${over}])`;

/** How much a counter has risen over a time. */
export const increase = <Name extends MetricOfType<"counter">>(name: Name, over: string, matchers?: Matchers<Name>) =>
  `increase(${selector(`${name}_total`, matchers)}[${over}])`;

/** How much the buckets of a histogram rise per second. */
export const bucketRate = <Name extends MetricOfType<"histogram">>(
  name: Name,
  over: string,
  matchers?: Matchers<Name>,
): string => `rate(${selector(`${name}_bucket`, matchers)}[${over}])`;

/** The series of the info family. */
export const info = (name: MetricOfType<"info">): string => `${name}_info`;

function selector(name: string, matchers: Readonly<Record<string, unknown>> = {}): string {
  const written = Object.entries(matchers).map(([label, value]) => {
    if (typeof value === "string") return `${label}="${value}"`;
    return `${label}=~"${Array.isArray(value) ? value.join("|") : `$${(value as Variable).variable}`}"`;
  });
  return written.length === 0 ? name : `${name}{${written.join(",")}}`;
}
