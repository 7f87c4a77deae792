import { EventHub, EventHubRefused } from "../../infra/cloudflare/event-hub.ts";
import { type Registered, runProgram } from "./pulumi.ts";

/**
 * A Worker that a program may request in addition to those of the hub. These are the resources that a minimal EventHub with the name `eventhub`
 * deploys for it. The names of its Workers begin with `shop`.
 *
 * @param worker The argument that requests it, and the output with its address.
 */
export function workerBeside<Args>(worker: "console" | "metrics") {
  const program = (args?: Args) =>
    new EventHub("eventhub", {
      accountId: "account",
      name: "shop",
      databaseUrl: "postgresql://hub:password@host/eventhub",
      destinations: { ORDERS: { kind: "worker", service: "orders" } },
      routes: [{ destination: "ORDERS" }],
      ...(args === undefined ? {} : { [worker]: args }),
    });
  /** The resources that belong to this Worker. */
  const own = (resources: readonly Registered[]) => resources.filter(({ name }) => name === `eventhub-${worker}`);

  return {
    program,
    own,
    inputsOf: (resources: readonly Registered[], type: string) =>
      own(resources).find((resource) => resource.type.endsWith(`:${type}`))?.inputs ?? {},
    async deploy(args: Args): Promise<{ resources: Registered[]; address: string | undefined }> {
      let address: Promise<string | undefined> | undefined;
      const resources = await runProgram(() => {
        const output = program(args)[worker];
        address = new Promise((resolve) => output?.apply((value) => resolve(value)));
      });
      return { resources, address: await address };
    },
    /** The faults that the preview finds in arguments, and the types of the resources that it has registered before. */
    async preview(args: unknown): Promise<{ faults: EventHubRefused["faults"]; types: string[] }> {
      let refused: unknown;
      const resources = await runProgram(
        () => {
          try {
            program(args as Args);
          } catch (error) {
            refused = error;
          }
        },
        { preview: true },
      );
      if (!(refused instanceof EventHubRefused)) throw new Error(`not refused: ${refused}`);
      return { faults: refused.faults, types: resources.map(({ type }) => type) };
    },
  };
}
