/** Names of the greatest length, and awkward ones: without a place to break, from right to left, of emoji. */

const LONGEST = 100;

/** A text, repeated until it has this many code points. */
const filled = (text: string, length = LONGEST): string => [...text.repeat(length)].slice(0, length).join("");

/** The widest name of a destination. */
export const LONG_DESTINATION = filled("WEBHOOK_OF_BILLING_");

/** Destinations, some of which have names of the greatest length. */
export const DESTINATIONS: readonly string[] = [
  LONG_DESTINATION,
  ...Array.from({ length: 40 }, (_, index) => filled(`D_${index}_`, index % 2 === 0 ? 92 : 8)),
];

const AWKWARD: readonly string[] = [
  filled("W"),
  filled("فواتير العملاء "),
  filled("🚚📦👩‍👩‍👧‍👦"),
  filled("what customers have paid for "),
];

/** Two hundred and thirty routes, to the destinations in turn. */
export const ROUTES: readonly { name: string; destination: string }[] = Array.from({ length: 230 }, (_, index) => ({
  // Nobody could search for a blank at the end.
  name: filled(`${index} ${AWKWARD[index % AWKWARD.length]}`).replace(/ $/, "!"),
  destination: DESTINATIONS[index % DESTINATIONS.length] ?? LONG_DESTINATION,
}));
