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
