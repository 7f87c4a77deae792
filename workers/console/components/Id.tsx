import { shortId } from "../format/amounts.ts";
import { Icon } from "./Icon.tsx";

/** A button that copies a text to the clipboard. Shown only if scripts run. */
export const Copy = ({ text, what = "id" }: { text: string; what?: string }) => (
  <button
    type="button"
    class="copy"
    data-copy={text}
    title={`Copy ${what}`}
    aria-label={`Copy ${what} ${shortId(text)}`}
  >
    <Icon name="copy" />
  </button>
);

interface IdProps {
  id: string;
  /** The URL that it links to. */
  href?: string;
  /** Whether to show all of it instead of its end. */
  full?: boolean;
  /** Whether the keys j and k go to this link. */
  row?: boolean;
}

/** An id: short, with a link, and with a button to copy it. */
export const Id = ({ id, href, full, row }: IdProps) => {
  const text = <code>{full ? id : shortId(id)}</code>;
  return (
    <span class="id">
      {href === undefined ? (
        <span title={id}>{text}</span>
      ) : (
        <a href={href} title={id} {...(row ? { "data-row": "" } : {})}>
          {text}
        </a>
      )}
      <Copy text={id} />
    </span>
  );
};

export const DispatchId = ({ id, row }: { id: string; row?: boolean }) => (
  <Id id={id} href={`/dispatches/${id}`} {...(row ? { row } : {})} />
);

export const EventId = ({ id, row }: { id: string; row?: boolean }) => (
  <Id id={id} href={`/events/${id}`} {...(row ? { row } : {})} />
);
