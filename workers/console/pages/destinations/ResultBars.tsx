import type { Bar } from "./results.ts";

/** One destination's results over time in a line of its own: height is how many, red is how many without success. */
export const ResultBars = ({ bars }: { bars: readonly Bar[] }) => {
  const most = Math.max(1, ...bars.map(({ good, bad }) => good + bad));
  const height = (n: number) => (n === 0 ? 0 : Math.max(1, Math.round((n / most) * 20)));
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${bars.length * 3} 20`}
      width={bars.length * 3}
      height="20"
      aria-hidden="true"
      preserveAspectRatio="none"
    >
      {bars.map(({ good, bad }, index) => {
        const [g, b] = [height(good), height(bad)];
        return (
          <>
            {g === 0 ? undefined : <rect class="good" x={index * 3} y={20 - g} width="2" height={g} />}
            {b === 0 ? undefined : <rect class="bad" x={index * 3} y={Math.max(0, 20 - g - b)} width="2" height={b} />}
          </>
        );
      })}
    </svg>
  );
};
