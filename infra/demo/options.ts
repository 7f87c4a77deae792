import { otherDatabaseUrlOf } from "../cli/database-url.ts";
import { integerOption } from "../cli/number-option.ts";
import { parseOptions, SCRIPT_EXIT_HELP } from "../cli/script-call.ts";

/** The text of `npm run demo -- --help`. */
export const HELP = `npm run demo -- [--once] [--events N] [--reset] [--port N]

  --once      emit, wait until all is delivered, report, stop
  --events N  how many example webhooks to emit: default 329 with --once, else 0
  --reset     begin without what earlier runs left in .data/
  --port N    of console and POST /emit, default 3041; Postgres and the Neon endpoint take the two behind it
  --help      this

DATABASE_URL puts another Postgres in the place of the demo's own.

${SCRIPT_EXIT_HELP}
With --once, 130 after Ctrl-C.`;

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
 * Reads the command line and `DATABASE_URL`.
 *
 * @throws {WrongCall}
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): DemoOptions {
  const values = parseOptions(args, {
    once: { type: "boolean", default: false },
    events: { type: "string" },
    reset: { type: "boolean", default: false },
    port: { type: "string", default: "3041" },
  });
  return {
    once: values.once,
    reset: values.reset,
    events:
      values.events === undefined
        ? values.once
          ? EXAMPLES
          : 0
        : integerOption("events", values.events, 0, MAX_EVENTS),
    port: integerOption("port", values.port, 1024, 65_533),
    databaseUrl: otherDatabaseUrlOf(env),
  };
}
