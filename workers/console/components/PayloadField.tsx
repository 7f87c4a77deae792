interface PayloadFieldProps {
  text: string;
  /** The fault of the text. */
  fault: string | undefined;
  /** The line with the fault. */
  line?: number | undefined;
}

/** A field to paste a payload into. A fault is shown below, with its line. */
export const PayloadField = ({ text, fault, line }: PayloadFieldProps) => (
  <div class="field wide">
    <label for="payload-text">Payload (JSON)</label>
    <textarea
      id="payload-text"
      name="payload"
      rows={14}
      spellcheck={false}
      autocomplete="off"
      placeholder={'{ "kind": "order.paid", "id": 17 }'}
      {...(fault === undefined ? {} : { "aria-invalid": "true" as const, "aria-describedby": "payload-fault" })}
      {...(line === undefined ? {} : { "data-line": String(line) })}
    >
      {/* A parser drops the first line break of a textarea, so this adds one. */}
      {text.startsWith("\n") ? `\n${text}` : text}
    </textarea>
    {fault === undefined ? undefined : (
      <div id="payload-fault" class="fault" role="alert">
        <p>{fault}</p>
        {line === undefined ? undefined : (
          <pre class="fault-line">
            <span class="dim">{String(line).padStart(4)} </span>
            {(text.split("\n")[line - 1] ?? "").slice(0, 200)}
          </pre>
        )}
      </div>
    )}
  </div>
);
