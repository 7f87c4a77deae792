import { shortId } from "../format/text.ts";

/** Copies a text to the clipboard; shown only where a script can. */
export const Copy = ({ text, what = "id" }: { text: string; what?: string }) => (
  <button
    type="button"
    class="copy"
    data-copy={text}
    title={`Copy ${what}`}
    aria-label={`Copy ${what} ${text.slice(-8)}`}
  >
    <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
      <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />
    </svg>
  </button>
);

interface IdProps {
  id: string;
  /** Where it leads. */
  href?: string;
  /** In full and not its end. */
  full?: boolean;
  /** The link that j and k go to. */
  row?: boolean;
}

/** An id: short, linked, copyable. */
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
