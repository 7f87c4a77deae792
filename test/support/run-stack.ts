/**
 * Runs the stack program of infra/cloudflare as Node itself runs it, which is how Pulumi does, and prints what it asked for: a line of JSON a
 * resource, secrets as `{ "secret": ... }`. The configuration comes as JSON in the first argument.
 */
import { runProgram, Secret } from "./pulumi.ts";

const config = JSON.parse(process.argv[2] ?? "{}") as Record<string, string>;
const resources = await runProgram(() => import("../../infra/cloudflare/index.ts"), { config });
for (const resource of resources) {
  console.log(JSON.stringify(resource, (_key, value) => (value instanceof Secret ? { secret: value.value } : value)));
}
