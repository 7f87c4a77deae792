interface Table {
  /** A name such as `queues.producers`; empty before the first header. */
  name: string;
  /** The line of its header, from 0. */
  line: number;
  /** The lines of its keys. */
  keys: Map<string, number>;
}

/**
 * The place of a value in a TOML file, as `<line>:<column>`: that of its key, or else of the enclosing table. It reads lines in the usual form of
 * configurations, since the parser keeps no places.
 */
export function tomlPlace(text: string, keys: readonly (string | number)[]): string {
  const lines = text.split(/\r?\n/);
  const tables = tablesOf(lines);
  const names = keys.filter((key) => typeof key === "string");
  const index = keys.find((key) => typeof key === "number") ?? 0;
  for (let depth = names.length; depth > 0; depth--) {
    const named = tables.filter(({ name }) => name === names.slice(0, depth).join("."));
    const table = named[index] ?? named[0];
    if (table !== undefined) return place(lines, table.keys.get(names[depth] ?? "") ?? table.line);
  }
  return place(lines, tables[0]?.keys.get(names[0] ?? "") ?? 0);
}

function tablesOf(lines: readonly string[]): Table[] {
  const tables: Table[] = [{ name: "", line: 0, keys: new Map() }];
  for (const [line, text] of lines.entries()) {
    const header = /^\s*\[{1,2}([^[\]]+)\]/.exec(text)?.[1];
    const key = /^\s*(["']?)([\w-]+)\1\s*=/.exec(text)?.[2];
    if (header !== undefined) tables.push({ name: header.replaceAll(/[\s"']/g, ""), line, keys: new Map() });
    else if (key !== undefined) tables.at(-1)?.keys.set(key, line);
  }
  return tables;
}

const place = (lines: readonly string[], line: number) => `${line + 1}:${(lines[line]?.search(/\S/) ?? 0) + 1}`;
