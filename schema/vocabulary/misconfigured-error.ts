/** The deployment cannot work until a person corrects it. Only the message crosses RPC, so it starts with the code. */
export class MisconfiguredError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(`[misconfigured] ${message}`, options);
    this.name = "MisconfiguredError";
  }
}
