interface DeferredPanelProps {
  id: string;
  /** The page that contains the part. */
  from: string;
  /** The id of the part on that page. */
  part: string;
  /** The seconds between two requests for it while the page is live. */
  everySeconds: number;
  /** The text of the link to the page, shown until the part arrives, or if it cannot be fetched. */
  text: string;
}

/** A part of another page that takes longer. It is fetched when this page is there, and refreshed less often. */
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
    <p class="skeleton">
      <a href={from}>{text}</a>
    </p>
  </div>
);
