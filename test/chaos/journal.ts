import type { Answer, Arrived, CallEnd, CallStart } from "../workers/chaos/wire.ts";

/** When a destination was called, and how it answered. Times in milliseconds since 1970, by this process's clock. */
export interface Timed {
  startedAt: number;
  /** When it was about to answer; `undefined` if it never came so far. */
  endedAt?: number;
  answer?: Answer;
  /** The wait that it asked for. */
  retryAfterSeconds?: number;
}

/** A call of a destination, told by the destination itself or at its binding. */
export type SeenCall = CallStart & Timed;

/** What the campaign's operator did, once: repeated with the same id until it was answered. Times in milliseconds since 1970. */
export interface OperatorAct {
  method: string;
  destination: string;
  /** The key that it is about: of an order, or of limits. */
  key?: string;
  /** The dispatch that it is about. */
  dispatchId?: string;
  /** The rate that it sets, and until when. */
  rate?: { limit: number; perSeconds: number; burst: number };
  until?: number;
  startedAt: number;
  /** When it was first answered; `undefined` if it never was. */
  answeredAt?: number;
  /** The ids of dispatches that it said it had made: the same each time. */
  made: string[];
  /** With what it was refused. */
  refused?: string;
  /** How often it was called. */
  calls: number;
}

/** Something died: every Worker at once, or the instances of some dispatches. */
export interface Death {
  at: number;
  kind: string;
  /** `undefined`: of all. */
  dispatchIds?: ReadonlySet<string>;
}

/** When something was out of order. */
export interface Trouble {
  kind: string;
  from: number;
  to: number;
}

/** What the campaign saw and did, kept outside of everything that it kills. */
export class Journal {
  readonly calls = new Map<string, SeenCall>();
  /** What is there at destinations, each as often as it was seen. */
  readonly arrivals: Arrived[] = [];
  /** Requests of the webhooks' receiver that nobody has signed, or that went elsewhere. */
  readonly unsigned: string[] = [];
  /** When a destination, which the kind names, could not be reached. */
  readonly absences: Trouble[] = [];
  readonly deaths: Death[] = [];
  /** Faults of the database, so that it is known when a result may have waited for its record. */
  readonly databaseTrouble: Trouble[] = [];
  /** When the Workers hardly answered: the machine, or this campaign, gave them too little. */
  readonly stalls: Trouble[] = [];
  /** Long faults of every kind, for the times to recover. */
  readonly outages: Trouble[] = [];
  readonly acts: OperatorAct[] = [];
  readonly faults = new Map<string, number>();
  readonly errored: string[] = [];

  startCall(start: CallStart): void {
    // Told twice, when the first telling's answer was lost.
    if (!this.calls.has(start.call)) this.calls.set(start.call, { ...start, startedAt: Date.now() });
  }

  endCall({ call, answer, retryAfterSeconds }: CallEnd): void {
    const known = this.calls.get(call);
    if (known === undefined || known.endedAt !== undefined) return;
    known.endedAt = Date.now();
    known.answer = answer;
    if (retryAfterSeconds !== undefined) known.retryAfterSeconds = retryAfterSeconds;
  }

  count(fault: string, times = 1): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + times);
  }
}
