/** A required port of this machine is already in use. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  readonly port: number;
  constructor(port: number, cause?: unknown) {
    super(`port ${port} of 127.0.0.1 is in use`, { cause });
    this.port = port;
  }
}
