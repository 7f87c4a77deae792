import type { Child } from "hono/jsx";

/** A figure at the top of a page. */
export interface Tile {
  name: string;
  value: Child;
  /** The reference value, shown below the figure. */
  note?: Child;
  /** `bad` or `warn` if somebody has to act. */
  tone?: string;
}

/** Figures side by side, large enough to be read across a room. */
export const Tiles = ({ tiles }: { tiles: readonly Tile[] }) => (
  <dl class="tiles figures">
    {tiles.map(({ name, value, note, tone = "" }) => (
      <div class="tile">
        <dt class="dim">{name}</dt>
        <dd>
          <span class={`tile-value num ${tone}`}>{value}</span>
          {note === undefined ? undefined : <span class="tile-note dim">{note}</span>}
        </dd>
      </div>
    ))}
  </dl>
);
