/** A message of a Worker or the stack. Its text is raw: whoever prints it must make it printable. */
export interface StackMessage {
  /** The Worker's name; `undefined` for the stack itself, or if it is not known. */
  from: string | undefined;
  level: "info" | "warn" | "error";
  /** One line or several. */
  text: string;
  /** Whether it is a log line of the hub's own parts: JSON with an `event`. */
  ours?: boolean;
}

/** Whether a message of the hub's own parts can be left out where deliveries and their failures are shown otherwise: it is no error, or one of those. */
export const isRoutine = ({ level, text }: StackMessage): boolean =>
  level !== "error" || text.startsWith('{"event":"dispatch.');
