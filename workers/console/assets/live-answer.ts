/** Judges an answer to a refresh. The browser's script includes this. */

/** Why the page may be out of date. */
export interface LiveFault {
  /** The reason in a sentence. */
  text: string;
  /** Whether signing in again may help. */
  signIn: boolean;
}

/** The relevant parts of an answer. */
export interface LiveAnswer {
  /** The HTTP status; 0 for a redirect, which is not followed. */
  status: number;
  /** Whether it contains the part of the page that is to be replaced. */
  hasPart: boolean;
  /** The text of its error box or heading, if it has one. */
  says: string | undefined;
}

/** The fault of an answer; `undefined` if the page can be refreshed with it. */
export function faultOf({ status, hasPart, says }: LiveAnswer): LiveFault | undefined {
  if (status === 0) return { text: "You are signed out: the answer was a sign-in page.", signIn: true };
  if (status === 401 || status === 403)
    return { text: `You are signed out, or may no longer open this page (HTTP ${status}).`, signIn: true };
  if (status >= 400) return { text: `${says ?? "The answer is an error"} (HTTP ${status}).`, signIn: false };
  if (!hasPart) return { text: "The answer is another page: you may have to sign in again.", signIn: true };
  return undefined;
}

/** The fault of a request without an answer: it timed out, or did not get through. */
export const faultOfRequest = (timedOut: boolean, onLine: boolean): LiveFault => ({
  text: !onLine
    ? "This browser is offline."
    : timedOut
      ? "The console does not answer: the request timed out."
      : "The console cannot be reached.",
  signIn: false,
});

/** The fault of a request whose answer is late. */
export const UNANSWERED: LiveFault = { text: "The console has not answered yet.", signIn: false };

/**
 * How long to wait before the next request, in milliseconds. It doubles with each failure, up to a minute, or up to the usual wait if that is longer.
 */
export const waitMs = (usualMs: number, failures: number): number =>
  Math.min(Math.max(60_000, usualMs), usualMs * 2 ** Math.min(failures, 16));
