/**
 * When the alarm has to ring. All moments are in milliseconds since 1970, by the alarm's own clock. Others say how long from now, so clocks are never
 * compared.
 */
export interface Moments {
  /** The first and the last armed moment that has not come yet. A look at the last one covers all in between. */
  first: number | null;
  last: number | null;
  /** When something can be overdue, according to the last look; null: nothing can. */
  next: number | null;
  /** The look that was asked for and is not answered yet. */
  asked: Asked | null;
}

export interface Asked {
  look: string;
  /** How many looks in a row before it were not answered. */
  unanswered: number;
  /** When it will be asked for again. */
  againAt: number;
}

/** Nothing is armed. */
export const QUIET: Moments = { first: null, last: null, next: null, asked: null };

/** When the alarm must ring next; null: never, until somebody arms it. */
export function ringsAt({ first, next, asked }: Moments): number | null {
  const moments = [first, next, asked?.againAt].filter((moment) => moment !== null && moment !== undefined);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** A look is needed at this moment or later. An earlier ring does not cover it. */
export function armed(moments: Moments, at: number): Moments {
  const { first, last } = moments;
  return { ...moments, first: Math.min(first ?? at, at), last: Math.max(last ?? at, at) };
}

/**
 * The alarm has rung and asks for a look. Moments that have come are done, and later ones stay armed.
 * @param waitMs How long to wait for an answer, after this many looks without one.
 */
export function rung(moments: Moments, now: number, look: string, waitMs: (unanswered: number) => number): Moments {
  const { first, last, next, asked } = moments;
  const left = last !== null && last > now;
  // A look that may still be answered does not count as unanswered.
  const unanswered = asked === null ? 0 : asked.unanswered + (asked.againAt <= now ? 1 : 0);
  return {
    first: !left ? null : first !== null && first > now ? first : last,
    last: left ? last : null,
    next: next !== null && next > now ? next : null,
    asked: { look, unanswered, againAt: now + waitMs(unanswered) },
  };
}

/** A look could not be asked for. It is tried again at this moment. */
export function refused(moments: Moments, look: string, againAt: number): Moments {
  const { asked } = moments;
  return asked?.look === look ? { ...moments, asked: { ...asked, againAt } } : moments;
}

/**
 * A look was made, and tells when the next one is needed. What was armed meanwhile stays. A look that nobody asked for, or that came after another
 * was asked for, can only bring that moment forward, since the other one knows more.
 */
export function looked(moments: Moments, look: string | null, next: number | null): Moments {
  if (moments.asked !== null && look === moments.asked.look) return { ...moments, asked: null, next };
  const both = [moments.next, next].filter((moment) => moment !== null);
  return { ...moments, next: both.length === 0 ? null : Math.min(...both) };
}
