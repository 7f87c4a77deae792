import { stripVTControlCharacters } from "node:util";

/**
 * Reports each restart of the Workers by wrangler, recognised by the lines that it prints. `onReload` gets a time before which all calls of the old
 * Workers began; those that were in flight have ended without a result.
 */
export function createReloadWatch(onReload: (began: Date) => void): (line: string) => void {
  let began: Date | undefined;
  return (coloured) => {
    const line = stripVTControlCharacters(coloured);
    if (line.startsWith("⎔ Reloading local server")) began = new Date();
    if (line.startsWith("⎔ Local server updated")) onReload(began ?? new Date());
  };
}
