import type { ConsoleContext } from "../env.ts";

/** A form as it was posted. */
export interface PostedForm {
  /** The first value of a field, "" without one; line ends as in JavaScript. */
  get(name: string): string;
  /** Every field's first value, to show it again. */
  all: Readonly<Record<string, string>>;
  query: URLSearchParams;
}

/** Reads a posted form; files in it count as nothing. */
export async function formOf(c: ConsoleContext): Promise<PostedForm> {
  const query = new URLSearchParams();
  for (const [name, value] of await c.req.formData()) {
    if (typeof value === "string") query.append(name, value.replaceAll("\r\n", "\n"));
  }
  const all = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.get(name) ?? ""]));
  return { get: (name) => query.get(name)?.trim() ?? "", all, query };
}
