/** The size of one bar, in the drawing's own units. */
const [WIDTH, HEIGHT] = [4, 18];

/**
 * A small drawing of counts over a period, without scale or numbers. It shows when something began, and whether it goes on. Words beside it say the
 * same.
 */
export const Sparkline = ({ counts }: { counts: readonly number[] }) => {
  const most = Math.max(1, ...counts);
  return (
    <svg class="spark" viewBox={`0 0 ${counts.length * WIDTH} ${HEIGHT}`} aria-hidden="true">
      {counts.map((n, index) => {
        // Even the smallest count stays visible.
        const height = n === 0 ? 1 : Math.max(3, Math.round((n / most) * HEIGHT));
        return (
          <rect
            class={n === 0 ? "none" : ""}
            x={String(index * WIDTH)}
            y={String(HEIGHT - height)}
            width={String(WIDTH - 1)}
            height={String(height)}
          />
        );
      })}
    </svg>
  );
};
