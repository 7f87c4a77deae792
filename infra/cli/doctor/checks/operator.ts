import type { Project } from "../../../project/project.ts";
import type { WranglerFile } from "../../../project/wrangler-file.ts";
import { type Finding, fault } from "../finding.ts";

/** Whether producers are bound to the hub, and the console to its entrypoint for operators. */
export function checkOperator({ hub, executor, console, own }: Project): Finding[] {
  if (hub === undefined) return [];
  return [
    ...(console === undefined ? [] : checkConsole(console, hub)),
    ...[...own, ...(console === undefined ? [] : [console])].flatMap((file) => checkProducer(file, hub, executor)),
  ];
}

function checkConsole(file: WranglerFile, hub: WranglerFile): Finding[] {
  const services = file.config.services ?? [];
  const index = services.findIndex(({ binding }) => binding === "OPERATOR");
  const right = `bind { "binding": "OPERATOR", "service": "${hub.name}", "entrypoint": "Operator" }`;
  const bound = services[index];
  if (bound === undefined)
    return [fault(file.place(["services"]), "OPERATOR is not bound: the console has no hub", right)];
  if (bound.service === hub.name && bound.entrypoint === undefined) {
    return [
      fault(
        file.place(["services", index]),
        "OPERATOR is bound to the plain hub, which has no operators' methods",
        right,
      ),
    ];
  }
  if (bound.service === hub.name && bound.entrypoint !== "Operator") {
    return [fault(file.place(["services", index, "entrypoint"]), `OPERATOR is bound to ${bound.entrypoint}`, right)];
  }
  return [];
}

function checkProducer(file: WranglerFile, hub: WranglerFile, executor: WranglerFile | undefined): Finding[] {
  return (file.config.services ?? []).flatMap(({ binding, service, entrypoint }, index) => {
    if (binding !== "EVENTHUB") return [];
    if (service === hub.name && entrypoint === "Operator") {
      const what = "EVENTHUB is bound to Operator, which has no emit";
      return [fault(file.place(["services", index, "entrypoint"]), what, "leave out the entrypoint")];
    }
    if (executor !== undefined && service === executor.name) {
      const what = "EVENTHUB is bound to the executor, which has no emit";
      return [fault(file.place(["services", index, "service"]), what, `bind the hub: ${JSON.stringify(hub.name)}`)];
    }
    return [];
  });
}
