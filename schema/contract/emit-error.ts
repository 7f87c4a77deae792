import type { EmitErrorCode } from "./index.ts";

/** A refused `emit`. Only the message crosses RPC, so it starts with the code. */
export class EmitError extends Error {
  constructor(code: EmitErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "EmitError";
  }
}
