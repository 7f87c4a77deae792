import type { Random } from "../random.ts";

/** What goes wrong with one transaction. */
export interface Mishaps {
  /** Milliseconds to hold before each statement but the first, and before the commit. */
  holds: readonly number[];
  /** Its backend is terminated after so many milliseconds, wherever it is then. */
  terminateAfter: number | undefined;
  /** How it ends if not by a commit and its answer. */
  end: "terminated" | "cut" | "unanswered" | undefined;
  /** The caller gives up after so many milliseconds and may ask again, while the statements go on. */
  giveUpAfter: number | undefined;
}

/** What may go wrong; `mild` leaves out that a transaction goes on after its caller has been told that it failed. */
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
