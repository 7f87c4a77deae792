interface DeferredPanelProps {
  id: string;
  /** The page that has the part. */
  from: string;
  /** The id of the part there. */
  part: string;
  /** How often it is fetched again while the page is live. */
  everySeconds: number;
  /** The link to the page, until it is here or where it cannot be fetched. */
  text: string;
}

/** A part of another page that is asked for when this page is there, since it takes longer; and less often than the page is refreshed. */
export const DeferredPanel = ({ id, from, part, everySeconds, text }: DeferredPanelProps) => (
  <div
    id={id}
    class="deferred"
    data-every={String(everySeconds)}
    hx-get={from}
    hx-trigger="load, again"
    hx-select={`#${part}`}
    hx-swap="innerMorph"
    hx-morph-skip=""
  >
    <p class="dim">
      <a href={from}>{text}</a>
    </p>
  </div>
);
