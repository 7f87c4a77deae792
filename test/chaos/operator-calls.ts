import { setTimeout as sleep } from "node:timers/promises";
import type { ActionName } from "../../workers/hub/operator/operator-methods.ts";
import type { Operated } from "../workers/chaos/wire.ts";
import type { Journal, OperatorAct } from "./journal.ts";
import type { Random } from "./random.ts";
import { ask } from "./repeat.ts";

const REPEAT_MS = 500;
/** Every error code but this one is the hub's final answer. */
const LAST_WORD = /^\[(?!unavailable)/;

/** What an act is about, for the journal. */
export type About = Pick<OperatorAct, "destination" | "key" | "dispatchId" | "rate" | "until">;

/** The operators' methods of the campaign's hub, called through its Workers and their faults. */
export class OperatorCalls {
  readonly #origin: string;
  readonly #journal: Journal;
  readonly #random: Random;
  readonly #signal: AbortSignal;

  constructor(origin: string, journal: Journal, random: Random, signal: AbortSignal) {
    this.#origin = origin;
    this.#journal = journal;
    this.#random = random;
    this.#signal = signal;
  }

  /**
   * Asks once.
   *
   * @throws Error with the hub's message, or with what went wrong on the way.
   */
  read<Answer>(method: string, ...args: unknown[]): Promise<Answer> {
    return ask(`${this.#origin}/operate`, { method, args } satisfies Operated, this.#signal);
  }

  /**
   * Acts, with one id for all its calls. Calls until it is answered, and sometimes once more, as if the answer had been lost.
   *
   * @returns The act, as the journal has it.
   */
  async act(method: ActionName, about: About, ...args: unknown[]): Promise<OperatorAct> {
    const act: OperatorAct = { method, ...about, startedAt: Date.now(), made: [], calls: 0 };
    this.#journal.acts.push(act);
    const options = { ...(args.pop() as object), operationId: crypto.randomUUID(), actor: "campaign" };
    await this.#untilAnswered(act, [...args, options]);
    if (act.refused === undefined && this.#random.chance(0.2)) await this.#untilAnswered(act, [...args, options]);
    return act;
  }

  async #untilAnswered(act: OperatorAct, args: readonly unknown[]): Promise<void> {
    for (; !this.#signal.aborted; await sleep(REPEAT_MS)) {
      act.calls += 1;
      try {
        const { id } = await this.read<{ id?: string }>(act.method, ...args);
        act.answeredAt ??= Date.now();
        if (act.method === "retryDispatch" && id !== undefined) act.made.push(id);
        return;
      } catch (error) {
        if (!(error instanceof Error && LAST_WORD.test(error.message))) continue;
        act.refused = error.message;
        act.answeredAt ??= Date.now();
        return;
      }
    }
  }
}
