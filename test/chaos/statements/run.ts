/** `npm run chaos:statements -- --seconds S --seed N [--first]`: the hub's statements against each other. Exit 1 if an invariant was violated. */
import { parseArgs } from "node:util";
import { startPostgres } from "../../../infra/local/postgres.ts";
import { migrate } from "../../../infra/migrate.ts";
import { fuzzStatements } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
    first: { type: "boolean", default: false },
  },
});
// The statements' own log would drown what is found.
const print = console.log;
for (const method of ["log", "info", "warn", "error"] as const) console[method] = () => undefined;

const postgres = await startPostgres({ temporary: true });
try {
  await migrate(postgres.url);
  const options = { seconds: Number(values.seconds), seed: Number(values.seed), untilFirst: values.first };
  const { violations, ...result } = await fuzzStatements({ url: postgres.url, ...options });
  for (const detail of violations.slice(0, 20)) print(detail);
  print(JSON.stringify({ ...options, ...result, violations: violations.length }));
  process.exitCode = violations.length > 0 ? 1 : 0;
} finally {
  await postgres.stop();
}
