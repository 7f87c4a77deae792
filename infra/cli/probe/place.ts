import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findWrangler } from "../../local/find-package.ts";
import { findFreePort } from "../../local/free-port.ts";
import type { Resources } from "../../local/resources.ts";
import { startWranglerDev } from "../../local/workers/wrangler-dev.ts";
import { UserError } from "../../user-error.ts";
import { EXIT } from "../exit.ts";
import { writeConfigurations } from "./configurations.ts";

/** Where the probe runs. */
export interface Place {
  origin: string;
  token: string;
}

/** Starts it on the local engine. It runs until `resources` are disposed of. */
export async function startLocally(name: string, resources: Resources, signal: AbortSignal): Promise<Place> {
  const { directory, token, configurations } = await prepare(resources, name);
  const dev = await startWranglerDev({
    configurations: [configurations.probe, configurations.callee],
    port: await findFreePort(),
    state: join(directory, "state"),
    registry: join(directory, "registry"),
    log: join(directory, "wrangler.log"),
    environment: { X_LOCAL_OBSERVABILITY: "false", X_LOCAL_EXPLORER: "false" },
    ready: "/ready",
    signal,
  });
  resources.defer(() => dev.stop());
  return { origin: dev.origin, token };
}

/** The commands that remove it from the account of the wrangler login. They are the same whether or not each part exists. */
const REMOVALS = (name: string): readonly (readonly string[])[] => [
  ["delete", "--name", name, "--force"],
  ["delete", "--name", `${name}-callee`, "--force"],
  ["workflows", "delete", name],
  ["queues", "delete", name],
];

/**
 * Deploys it. Everything is removed when `resources` are disposed of, even after a failure half-way.
 *
 * @param say Called with each action, in one line.
 * @throws UserError with wrangler's message, if it cannot be deployed
 */
export async function deploy(name: string, resources: Resources, say: (line: string) => void): Promise<Place> {
  const { token, configurations } = await prepare(resources, name);
  // A queue of this name belongs to somebody, or to a run that died. It is never used, and never removed.
  say(`creating the queue ${name}`);
  await wrangler("queues", "create", name);
  resources.defer(async () => {
    for (const args of REMOVALS(name)) {
      say(`wrangler ${args.join(" ")}`);
      // Not thrown, since it would hide the original error.
      await wrangler(...args).catch((error: unknown) => {
        say(`${error instanceof Error ? error.message : String(error)}\nCheck that it is gone; if not, run it again.`);
        process.exitCode = EXIT.failed;
      });
    }
  });
  say(`deploying ${name}-callee and ${name}`);
  await wrangler("deploy", "--config", configurations.callee);
  const said = await wrangler("deploy", "--config", configurations.probe);
  const [origin] =
    /https?:\/\/[^\s]+/.exec(said.replaceAll(/https:\/\/(dash|developers)\.cloudflare\.com\S*/g, "")) ?? [];
  if (origin === undefined) throw new UserError(`wrangler has not said where ${name} answers:\n${said}`);
  return { origin, token };
}

async function prepare(resources: Resources, name: string) {
  const directory = await mkdtemp(join(tmpdir(), "eventhub-probe-"));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const token = randomBytes(16).toString("hex");
  return { directory, token, configurations: await writeConfigurations(directory, name, token) };
}

/** The output of the project's wrangler. @throws UserError with its output if it fails */
function wrangler(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      NO_COLOR: "1",
      CI: "1",
    };
    execFile(process.execPath, [findWrangler(process.cwd()), ...args], { env }, (error, stdout, stderr) => {
      const said = `${stdout}\n${stderr}`.trim();
      if (error === null) resolve(said);
      else reject(new UserError(`wrangler ${args.join(" ")} failed:\n${said || error.message}`));
    });
  });
}
