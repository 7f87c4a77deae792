/**
 * Runs the stack program of infra/cloudflare in Node itself, like Pulumi. Prints the resources that it requests: one line of JSON per resource, with
 * secrets as `{ "secret": ... }`. The first argument is the configuration as JSON.
 */
import { runProgram, Secret } from "./pulumi.ts";

const config = JSON.parse(process.argv[2] ?? "{}") as Record<string, string>;
const resources = await runProgram(() => import("../../infra/cloudflare/index.ts"), { config });
for (const resource of resources) {
  console.log(JSON.stringify(resource, (_key, value) => (value instanceof Secret ? { secret: value.value } : value)));
}
