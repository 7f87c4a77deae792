import { moduleOf } from "./read-source.ts";
import type { WranglerFile } from "./wrangler-file.ts";

/** A method `fetch` or `scheduled`, or anything that may be one. A call of such a name does not count. */
const CALLABLE = /(?<!\.\s*|\bawait\s+|\breturn\s+)\b(?:fetch|scheduled)\b/;

/** The name of a default export that is declared elsewhere: `export default Billing;`, `export { Billing as default };`. */
const NAMED_DEFAULT = /\bexport\s+default\s+(?!class\b)([\w$]+)\s*;|\b([\w$]+)\s+as\s+default\b/;

/** Whether a main module's default export is certainly a class with RPC methods only: without `fetch`, and without a cron to call. */
export function isConsumerAlone(file: WranglerFile): boolean {
  const { code } = moduleOf(file);
  if (CALLABLE.test(code)) return false;
  const [, direct, listed] = NAMED_DEFAULT.exec(code) ?? [];
  const name = direct ?? listed;
  return [
    ...code.matchAll(
      /(\bexport\s+default\s+)?\bclass\b(?:\s+(?!extends\b)([\w$]+))?(?:<[^>{]*>)?\s+extends\s+WorkerEntrypoint\b/g,
    ),
  ].some(([, isDefault, called]) => isDefault !== undefined || (called !== undefined && called === name));
}

/** An exported class of a main module, with its name if it has one. */
const EXPORTED = /\bexport\s+(default\s+)?class\b(?:\s+(?!extends\b)([\w$]+))?[^{]*\bextends\s+WorkerEntrypoint\b/g;

/** A method of a consumer. */
const HANDLES = /(?<![.\w$])handle(?:Batch)?\s*[(=]/;

/** Where a Worker is called as a consumer. `entrypoint` is the class, if that is not the default export. `undefined` if the Worker is no consumer. */
export function consumerIn(file: WranglerFile): { entrypoint?: string } | undefined {
  const { code } = moduleOf(file);
  const classes = [...code.matchAll(EXPORTED)];
  for (const [index, { index: from, 1: isDefault, 2: name }] of classes.entries()) {
    if (!HANDLES.test(code.slice(from, classes[index + 1]?.index))) continue;
    return isDefault === undefined && name !== undefined ? { entrypoint: name } : {};
  }
  return undefined;
}
