/**
 * The code and the text of an error that crossed RPC: `[code] text`. If the Worker on either side has a compatibility date before 2026-04-21, the
 * names of errors precede them (`EmitError: [code] text`).
 *
 * @see https://developers.cloudflare.com/workers/configuration/compatibility-flags/ `enhanced_error_serialization`
 */
const CODED = /^(?:[A-Za-z]*Error: )*\[([a-z_]+)\](?: ([\s\S]*))?$/;

/** Reads a message that starts with a code in brackets; `undefined` for any other. */
export function codedMessage(text: string): { code: string; message: string } | undefined {
  const [, code, message = ""] = CODED.exec(text) ?? [];
  return code === undefined ? undefined : { code, message };
}
