import type { Answer, Arrived, CallEnd, CallStart } from "../workers/chaos/wire.ts";
import type { Silence } from "./silent-faults.ts";

/** When a destination was called, and how it answered. Times in milliseconds since 1970, by this process's clock. */
export interface Timed {
  startedAt: number;
  /** When it was about to answer; `undefined` if it never got that far. */
  endedAt?: number;
  answer?: Answer;
  /** The wait that it asked for. */
  retryAfterSeconds?: number;
}

/** A call of a destination, as reported by the destination itself or by its binding. */
export type SeenCall = CallStart & Timed;

/** One act of the campaign's operator, repeated with the same id until it was answered. Times in milliseconds since 1970. */
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
  /** The ids of the dispatches that its answers say it made: the same each time. */
  made: string[];
  /** The error with which it was refused. */
  refused?: string;
  /** How often it was called. */
  calls: number;
}

/** A death: of every Worker at once, of the instances of some dispatches, or of one that takes the dispatches of its destination itself. */
export interface Death {
  at: number;
  kind: string;
  /** The dispatches of an instance that was made for them. */
  dispatchIds?: ReadonlySet<string>;
  /** The destination of an instance that takes dispatches itself: nobody knows which it held at that moment. */
  destination?: string;
}

/** When something was out of order. */
export interface Trouble {
  kind: string;
  from: number;
  to: number;
}

/** Everything that the campaign saw and did, kept outside of all that it kills. */
export class Journal {
  readonly calls = new Map<string, SeenCall>();
  /** What exists at destinations, each as often as it was seen. */
  readonly arrivals: Arrived[] = [];
  /** Requests to the webhooks' receiver that were not signed, or that went to another path. */
  readonly unsigned: string[] = [];
  /** When a destination could not be reached; `kind` is its name. */
  readonly absences: Trouble[] = [];
  readonly deaths: Death[] = [];
  /** Faults of the database, to know when a result may have waited to be recorded. */
  readonly databaseTrouble: Trouble[] = [];
  /** When the Workers hardly answered: the machine, or this campaign, gave them too little time. */
  readonly stalls: Trouble[] = [];
  /** Long faults of every kind, to measure recovery. */
  readonly outages: Trouble[] = [];
  /** What went wrong after the load, each time for a single event. */
  readonly silences: Silence[] = [];
  readonly acts: OperatorAct[] = [];
  readonly faults = new Map<string, number>();
  readonly errored: string[] = [];

  startCall(start: CallStart): void {
    // The same start is reported twice if the answer to the first report was lost.
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
