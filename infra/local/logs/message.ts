/** What a Worker or the stack has to say. Its text is as it came: to be made printable by whoever prints it. */
export interface StackMessage {
  /** The Worker's name; `undefined`: the stack itself, or nobody knows. */
  from: string | undefined;
  level: "info" | "warn" | "error";
  /** One line or several. */
  text: string;
  /** It is a log line of the hub's own parts: JSON with an `event`. */
  ours?: boolean;
}
