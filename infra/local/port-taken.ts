/** A port of this machine that is needed and taken. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  readonly port: number;
  constructor(port: number, cause?: unknown) {
    super(`port ${port} of 127.0.0.1 is taken`, { cause });
    this.port = port;
  }
}
