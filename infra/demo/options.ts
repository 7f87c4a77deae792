import { parseArgs } from "node:util";
import { otherDatabaseUrlOf } from "../cli/database-url.ts";
import { EXIT_HELP, WrongCall } from "../cli/exit.ts";

/** The text of `npm run demo -- --help`, and after a wrong call. */
export const USAGE = `usage: npm run demo -- [--once] [--events N] [--reset] [--port N]

  --once      emit, wait until all is delivered, report, stop
  --events N  how many example webhooks to emit: default 329 with --once, else 0
  --reset     begin without what earlier runs left in .data/
  --port N    of console and POST /emit, default 3041; Postgres and the Neon endpoint take the two behind it
  --help      this

DATABASE_URL puts another Postgres in the place of the demo's own.
${EXIT_HELP}`;

/** The options of `npm run demo`. */
export interface DemoOptions {
  /** Do the job, report, and stop. */
  once: boolean;
  /** How many payloads to emit. Default: every example once with `--once`, else none. */
  events: number;
  /** Start without the data of earlier runs in `.data/`. */
  reset: boolean;
  /** The port of the console and of `POST /emit`. Postgres has the next port, the Neon endpoint the one after. */
  port: number;
  /** A Postgres to use instead of the embedded one. */
  databaseUrl: string | undefined;
}

/** How many payloads `@octokit/webhooks-examples` contains. */
const EXAMPLES = 329;
const MAX_EVENTS = 1_000_000;

/**
 * Reads the command line and `DATABASE_URL`; `undefined` if the usage was asked for.
 *
 * @throws {WrongCall}
 */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): DemoOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  return {
    once: values.once,
    reset: values.reset,
    events:
      values.events === undefined ? (values.once ? EXAMPLES : 0) : integer("events", values.events, 0, MAX_EVENTS),
    port: integer("port", values.port, 1024, 65_533),
    databaseUrl: otherDatabaseUrlOf(env),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        once: { type: "boolean", default: false },
        events: { type: "string" },
        reset: { type: "boolean", default: false },
        port: { type: "string", default: "3041" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new WrongCall(`${message}.`);
  }
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new WrongCall(`--${name} must be an integer from ${min} to ${max}, got ${JSON.stringify(text)}.`);
}
