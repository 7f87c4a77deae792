import { runtime } from "@pulumi/pulumi";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** A resource as the program requested it. */
export interface Registered {
  /** For example `cloudflare:index/worker:Worker`. */
  type: string;
  name: string;
  urn: string;
  parent: string;
  /** URNs of the resources that it waits for. */
  dependencies: string[];
  /** Its arguments, with secrets as {@link Secret}. */
  inputs: Record<string, unknown>;
}

/** A value that the engine was told to keep encrypted. */
export class Secret {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

/** Pulumi's mark of special values on the wire, and the mark of secrets. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The parts of a request that the mocked engine needs. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getObject(): { getFieldsMap(): Map<string, { setStringValue(value: string): void }> };
}

/**
 * Runs a Pulumi program against mocks that answer every resource with its own arguments and an id. Returns the resources that it requested.
 *
 * @param options.deployed The resources of an earlier run: like the engine, `ignoreChanges` keeps their values.
 * @throws Any error that the program throws.
 */
export async function runProgram(
  program: () => unknown,
  options: {
    preview?: boolean;
    config?: Record<string, string>;
    stack?: string;
    deployed?: readonly Registered[];
  } = {},
): Promise<Registered[]> {
  const { preview = false, config = {}, stack = "test", deployed = [] } = options;
  const registered: Registered[] = [];
  const inputs = new Map<string, Record<string, unknown>>();
  await runtime.setMocks(
    {
      call: () => ({}),
      newResource: (resource) => {
        inputs.set(idOf(resource.type, resource.name), reveal(resource.inputs) as Record<string, unknown>);
        return { id: idOf(resource.type, resource.name), state: { ...resource.inputs, ...computed(resource) } };
      },
    },
    "cf-eventhub",
    stack,
    preview,
  );
  runtime.setAllConfig(config);
  const monitor = runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = async (request: RegisterRequest, callback) => {
    const before = deployed.find(({ type, name }) => type === request.getType() && name === request.getName());
    for (const property of before === undefined ? [] : request.getIgnorechangesList()) {
      request.getObject().getFieldsMap().get(property)?.setStringValue(String(before?.inputs[property]));
    }
    await register(request, (error, response) => {
      registered.push({
        type: request.getType(),
        name: request.getName(),
        urn: response?.getUrn(),
        parent: request.getParent(),
        dependencies: request.getDependenciesList(),
        inputs: inputs.get(idOf(request.getType(), request.getName())) ?? {},
      });
      callback(error, response);
    });
  };
  const finished = new Set<string>();
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request: { getUrn(): string }, callback) => {
    finished.add(request.getUrn());
    registerOutputs(request, callback);
  };
  await program();
  await runtime.disconnect();
  // A component's outputs come a few turns after its constructor has ended, also if it threw.
  const components = registered.filter(({ type }) => !type.startsWith("cloudflare:"));
  while (components.some(({ urn }) => !finished.has(urn))) await new Promise((resolve) => setImmediate(resolve));
  return registered;
}

/** The outputs that Cloudflare would add to a resource's arguments. */
function computed({ type, name }: { type: string; name: string }): Record<string, unknown> {
  if (type.endsWith(":Queue")) return { queueId: idOf(type, name) };
  if (type.endsWith(":Worker")) return { subdomain: { url: `https://${name}.example.workers.dev` } };
  if (type.endsWith(":ZeroTrustAccessApplication")) return { aud: `aud-of-${name}` };
  return {};
}

const idOf = (type: string, name: string) => `${type.split(":").at(-1)} ${name}`;

function reveal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reveal);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE] === SECRET) return new Secret(reveal(record.value));
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, reveal(inner)]));
}
