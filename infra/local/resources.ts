/** What has been started, to be stopped last to first: the platform's AsyncDisposableStack, as far as it is needed, for Node 22 as well. */
export class Resources implements AsyncDisposable {
  readonly #stops: (() => unknown)[] = [];

  /** Has `stop` called, and awaited, at the end. */
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
