interface PayloadFieldProps {
  text: string;
  /** What is wrong with it. */
  fault: string | undefined;
  /** The line that the fault is at. */
  line?: number | undefined;
}

/** Where a payload is pasted; what is wrong with it stands below, and the line is shown. */
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
      {/* A parser drops the first line break of a textarea. */}
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
