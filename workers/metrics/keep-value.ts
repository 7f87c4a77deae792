/**
 * Keeps a value for a while, in each isolate separately. Requests that come while it is being made make their own: no request must wait for the work
 * of another, because that work ends with its request.
 */
export class Kept<Value> {
  readonly #lastsMs: number;
  #kept: { value: Value; until: number } | undefined;

  constructor(seconds: number) {
    this.#lastsMs = seconds * 1_000;
  }

  /** The value that is kept, or a new one. Errors are not kept. */
  async get(make: () => Promise<Value>): Promise<Value> {
    const now = Date.now();
    // If more time is left than is possible, a clock was set back.
    if (this.#kept !== undefined && this.#kept.until > now && this.#kept.until <= now + this.#lastsMs)
      return this.#kept.value;
    const value = await make();
    this.#kept = { value, until: now + this.#lastsMs };
    return value;
  }
}
