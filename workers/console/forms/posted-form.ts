import type { ConsoleContext } from "../env.ts";

/** A posted form. */
export interface PostedForm {
  /** The first value of a field, or "" without one. Line ends are as in JavaScript. */
  get(name: string): string;
  /** Every field's first value, to show the form again. */
  all: Readonly<Record<string, string>>;
  query: URLSearchParams;
}

/** Reads a posted form. Ignores files in it. */
export async function formOf(c: ConsoleContext): Promise<PostedForm> {
  const query = new URLSearchParams();
  for (const [name, value] of await c.req.formData()) {
    if (typeof value === "string") query.append(name, value.replaceAll("\r\n", "\n"));
  }
  const all = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.get(name) ?? ""]));
  return { get: (name) => query.get(name)?.trim() ?? "", all, query };
}
