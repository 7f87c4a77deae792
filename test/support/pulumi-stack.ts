import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestHarness, type TestHarness } from "wrangler";
import { type Registered, Secret } from "./pulumi.ts";
import { type Binding, toWrangler } from "./wrangler-bindings.ts";

const run = promisify(execFile);
const RUN_STACK = fileURLToPath(new URL("./run-stack.ts", import.meta.url));

/**
 * The resources that `pulumi up` in infra/cloudflare would request.
 *
 * @throws Error with what the program printed, if it fails.
 */
export async function runStack(config: Record<string, string>): Promise<Registered[]> {
  const own = Object.fromEntries(Object.entries(config).map(([key, value]) => [`cf-eventhub:${key}`, value]));
  const { stdout } = await run(process.execPath, [RUN_STACK, JSON.stringify(own)], { maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Registered);
}

type WorkerConfig = Extract<NonNullable<Parameters<typeof createTestHarness>[0]>["workers"], unknown[]>[number];

/**
 * Starts the Workers that a stack deploys in workerd: their uploaded modules, with their bindings and no others.
 *
 * @param directory The directory for the modules.
 * @param others Further Workers of the test.
 */
export async function startDeployed(
  resources: readonly Registered[],
  directory: string,
  others: readonly WorkerConfig[] = [],
): Promise<TestHarness> {
  const versions = resources.filter(({ type }) => type.endsWith(":WorkerVersion"));
  const workers = await Promise.all(versions.map((version) => workerOf(version, resources, directory)));
  const harness = createTestHarness({ workers: [...workers, ...others] });
  await harness.listen();
  return harness;
}

async function workerOf(
  version: Registered,
  resources: readonly Registered[],
  directory: string,
): Promise<WorkerConfig> {
  const of = (type: string, name = version.name) =>
    resources.find((resource) => resource.type.endsWith(`:${type}`) && resource.name === name)?.inputs ?? {};
  const { mainModule, compatibilityDate, modules, bindings } = version.inputs;
  const name = String(of("Worker").name);
  const place = join(directory, name);
  await mkdir(place, { recursive: true });
  for (const { name: file, contentBase64 } of modules as { name: string; contentBase64: string }[]) {
    await writeFile(join(place, file), Buffer.from(contentBase64, "base64"));
  }
  const list = openBindings(bindings);
  const config = {
    name,
    main: join(place, String(mainModule)),
    compatibility_date: String(compatibilityDate),
    // The modules as they were uploaded, not bundled once more.
    no_bundle: true,
    rules: [{ type: "ESModule" as const, globs: ["**/*.js"] }],
    ...toWrangler(list, name),
  };
  const consumer = resources.find(({ type, inputs }) => type.endsWith(":QueueConsumer") && inputs.scriptName === name);
  if (consumer === undefined) return { config };
  const { batchSize, maxWaitTimeMs, maxRetries } = consumer.inputs.settings as Record<string, number>;
  const settings = {
    max_batch_size: batchSize,
    max_batch_timeout: (maxWaitTimeMs ?? 0) / 1_000,
    max_retries: maxRetries,
  };
  const consumers = [{ queue: String(of("Queue", consumer.name).queueName), ...settings }];
  return { config: { ...config, queues: { ...config.queues, consumers } } as never };
}

/** A version's bindings, also if the engine was told to keep them secret, in the form that {@link runStack} or `runProgram` returns. */
export function openBindings(bindings: unknown): Binding[] {
  if (bindings instanceof Secret) return bindings.value as Binding[];
  return (bindings as { secret?: Binding[] }).secret ?? (bindings as Binding[]);
}
