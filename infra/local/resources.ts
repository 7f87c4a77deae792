/**
 * What was started, to be stopped from last to first. It is the part of the platform's AsyncDisposableStack that we need, and also runs on Node 22.
 */
export class Resources implements AsyncDisposable {
  readonly #stops: (() => unknown)[] = [];

  /** Registers `stop`, which is called and awaited at the end. */
  defer(stop: () => unknown): void {
    this.#stops.push(stop);
  }

  /** Stops everything, whatever fails. @throws The first failure. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
