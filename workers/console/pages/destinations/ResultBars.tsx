import type { Bar } from "./count-results.ts";

/**
 * A destination's results over time, as a row of bars. The height is the number of results, and the red part those without success. The last bar is
 * pale, because it is not over yet.
 */
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
          <g class={index === bars.length - 1 ? "so-far" : ""}>
            {g === 0 ? undefined : <rect class="good" x={index * 3} y={20 - g} width="2" height={g} />}
            {b === 0 ? undefined : <rect class="bad" x={index * 3} y={Math.max(0, 20 - g - b)} width="2" height={b} />}
          </g>
        );
      })}
    </svg>
  );
};
