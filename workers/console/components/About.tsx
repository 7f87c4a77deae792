import type { AboutEvent } from "../../../schema/contract/find.ts";
import { oneLine } from "../format/amounts.ts";

interface AboutCellProps {
  about: AboutEvent | undefined;
  columns: ReadonlySet<string>;
}

/** The most characters shown of one value. */
const MAX_SHOWN = 60;

/** The last name of a path: `id` of `$.order.id`. */
const lastName = (path: string) => /([^.[\]'"]+)['"\]]*$/.exec(path)?.[1] ?? path;

/** An indexed value of an event, by the last name of its path. */
export const ValueTag = ({ path, value }: { path: string; value: string }) => (
  <span class="tag" title={path}>
    <span class="dim">{lastName(path)}</span> {oneLine(value, MAX_SHOWN)}
  </span>
);

/** An event in one line: its kind, its indexed values, the beginning of its payload. */
export const AboutCell = ({ about, columns }: AboutCellProps) => (
  <td class="about" {...(about?.beginning ? { title: about.beginning } : {})}>
    {columns.has("kind") && about?.kind ? <span>{about.kind}</span> : undefined}
    {columns.has("values") ? about?.values.map(({ path, value }) => <ValueTag path={path} value={value} />) : undefined}
    {columns.has("payload") && about?.beginning ? <code class="dim">{about.beginning}</code> : undefined}
  </td>
);
