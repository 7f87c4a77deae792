import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Request, Result } from "./session.ts";

/** What came of a request: the answer, or `late` if there was none in time, or `died` if the session ended twice before it answered. */
export type Answer = Result | "late" | "died";

/** Runs one session after another. A session is a process that answers requests: session.ts. */
export class Runner {
  readonly #start: () => ChildProcess;
  #session: ChildProcess | undefined;

  /** @param environment Added to this process's own. */
  constructor(script: string, cwd: string, environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...environment };
    this.#start = () => fork(script, { cwd, env, stdio: "ignore" });
  }

  /** Asks the session. One that dies may have died by itself, for want of memory for example, so another one is asked once. */
  async ask(request: Request, limitMs?: number): Promise<Answer> {
    const answer = await this.#askOnce(request, limitMs);
    return answer === "died" ? this.#askOnce(request, limitMs) : answer;
  }

  async #askOnce(request: Request, limitMs: number | undefined): Promise<Answer> {
    this.#session ??= this.#start();
    const session = this.#session;
    const controller = new AbortController();
    const { signal } = controller;
    // It may have died since its last answer. Then it ends without one to this request, too.
    session.send(request, () => undefined);
    const answer = await Promise.race<Answer>([
      once(session, "message", { signal }).then(([result]) => result as Result),
      isOver(session) ? "died" : once(session, "exit", { signal }).then(() => "died" as const),
      ...(limitMs === undefined ? [] : [delay(limitMs, "late" as const, { signal })]),
    ]);
    controller.abort();
    if (typeof answer === "string") await this.end();
    return answer;
  }

  /** Stops the session. */
  async end(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined || isOver(session)) return;
    const exit = once(session, "exit");
    if (session.connected) session.disconnect();
    const stopped = await Promise.race([exit, delay(30_000)]);
    if (stopped === undefined) session.kill("SIGKILL");
    await exit;
  }
}

const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;
