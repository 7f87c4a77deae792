import type { Random } from "../random.ts";

/** The mishaps of one transaction. */
export interface Mishaps {
  /** How long to wait after each statement, and so before the next one or the commit, in milliseconds. */
  holds: readonly number[];
  /** Its backend is terminated after this many milliseconds, wherever it is then. */
  terminateAfter: number | undefined;
  /** How it ends instead of with a commit and its answer. */
  end: "terminated" | "cut" | "unanswered" | undefined;
  /** The caller gives up after this many milliseconds and may ask again, while the statements continue. */
  giveUpAfter: number | undefined;
}

/** Which mishaps are possible. With `mild`, no transaction continues after its caller was told that it failed. */
export type Weather = "rough" | "mild";

export function planMishaps(random: Random, statements: number, weather: Weather): Mishaps {
  const hold = () => (random.chance(0.7) ? 0 : random.chance(0.8) ? random.integer(1, 30) : random.integer(50, 300));
  const holds = Array.from({ length: statements }, hold);
  const end = random.pick({ terminated: 0.01, cut: 0.01, unanswered: 0.02 });
  const terminateAfter = random.chance(0.01) ? random.integer(0, 150) : undefined;
  const giveUpAfter = random.chance(0.02) ? random.integer(0, 200) : undefined;
  return weather === "rough"
    ? { holds, terminateAfter, end, giveUpAfter }
    : { holds, terminateAfter, end: end === "cut" ? "terminated" : end, giveUpAfter: undefined };
}
