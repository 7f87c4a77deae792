import type { AlarmTimes } from "../../../schema/vocabulary/alarm-times.ts";

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
  /** Looks that come early if all goes well: each is for the dispatches of one call of `emit`. */
  watched: readonly Watched[];
  /** When it last rang; null: never. */
  rangAt: number | null;
}

/** A look at some dispatches: at this moment, or as soon as all of them are done. It is armed `afterEmitMs` ahead, when the call of `emit` begins. */
export interface Watched {
  at: number;
  /** The dispatches that are not done yet. */
  dispatches: readonly string[];
}

export interface Asked {
  look: string;
  /** How many looks in a row before it were not answered. */
  unanswered: number;
  /** When it will be asked for again. */
  againAt: number;
}

/** The most looks of this kind at once. Further calls of `emit` arm usual ones, so that what is stored stays small. */
export const MAX_WATCHED = 16;

/** Nothing is armed. */
export const QUIET: Moments = { first: null, last: null, next: null, asked: null, watched: [], rangAt: null };

/** When the alarm must ring next; null: never, until somebody arms it. */
export function ringsAt({ first, next, asked, watched }: Moments): number | null {
  const moments = [first, next, asked?.againAt, ...watched.map(({ at }) => at)].filter(
    (moment) => moment !== null && moment !== undefined,
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

/** A look is needed at this moment or later. An earlier ring does not cover it. */
export function armed(moments: Moments, at: number): Moments {
  const { first, last } = moments;
  return { ...moments, first: Math.min(first ?? at, at), last: Math.max(last ?? at, at) };
}

/** A look at these dispatches is needed at this moment, or as soon as all of them are done. It covers nothing else. */
export function watching(moments: Moments, at: number, dispatches: readonly string[]): Moments {
  if (moments.watched.length >= MAX_WATCHED) return armed(moments, at);
  return { ...moments, watched: [...moments.watched, { at, dispatches }] };
}

/**
 * These dispatches are done: the instance that had them has nothing left to do. Where nothing is left to wait for, the look comes now instead of
 * later, at least `betweenMs` after the last ring. It may come early, because it sees whatever is committed and still ongoing, and arms the next look
 * for that. Where another look is armed for later, that one is enough.
 */
export function done(moments: Moments, dispatches: readonly string[], now: number, betweenMs: number): Moments {
  const named = new Set(dispatches);
  if (!moments.watched.some((look) => look.dispatches.some((id) => named.has(id)))) return moments;
  const watched = moments.watched.map(({ at, dispatches: ids }) => ({
    at,
    dispatches: ids.filter((id) => !named.has(id)),
  }));
  const over = watched.filter(({ dispatches: left }) => left.length === 0);
  const rest = { ...moments, watched: watched.filter(({ dispatches: left }) => left.length > 0) };
  if (over.length === 0 || (rest.last !== null && rest.last > now)) return rest;
  const early = Math.max(now, (rest.rangAt ?? Number.NEGATIVE_INFINITY) + betweenMs);
  return armed(rest, Math.min(early, ...over.map(({ at }) => at)));
}

/**
 * The alarm has rung and asks for a look. Moments that have come are done, and later ones stay armed.
 *
 * A look at some dispatches stays only until their call of `emit` has committed for certain: `armedForMs` before its moment. From then on any look
 * sees them, and arms the next one for those that are ongoing. A call that commits later than that arms another look.
 */
export function rung(
  moments: Moments,
  now: number,
  look: string,
  times: Pick<AlarmTimes, "answerMs" | "armedForMs">,
): Moments {
  const { first, last, next, asked } = moments;
  const left = last !== null && last > now;
  // A look that may still be answered does not count as unanswered.
  const unanswered = asked === null ? 0 : asked.unanswered + (asked.againAt <= now ? 1 : 0);
  return {
    first: !left ? null : first !== null && first > now ? first : last,
    last: left ? last : null,
    next: next !== null && next > now ? next : null,
    asked: { look, unanswered, againAt: now + times.answerMs(unanswered) },
    watched: moments.watched.filter(({ at }) => at - times.armedForMs > now),
    rangAt: now,
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
