import { type Project, partsOf } from "../../../project/project.ts";
import { type Finding, fault, note } from "../finding.ts";

const HOW = "npx cf-eventhub-workflows init writes one";

/** Whether the hub's parts exist, and every Worker that is bound. */
export function checkParts(project: Project): Finding[] {
  const { root, hub, executor, console, missing, own } = project;
  const ofHub = (place: string) => partsOf(project).some(({ path }) => place.startsWith(`${path}:`));
  const byEventhub = new Set(
    own.flatMap(({ config, place }) =>
      (config.services ?? []).flatMap(({ binding }, i) =>
        binding === "EVENTHUB" ? [place(["services", i, "service"])] : [],
      ),
    ),
  );
  return [
    ...(hub === undefined ? [fault(root, "there is no hub: nothing accepts events", HOW)] : []),
    ...(executor === undefined ? [fault(root, "there is no executor: nothing delivers events", HOW)] : []),
    ...(console === undefined ? [note(root, "there is no console", HOW)] : []),
    ...missing.map(({ name, place }) =>
      (ofHub(place) || byEventhub.has(place) ? fault : note)(
        place,
        `no Worker of the project is called ${JSON.stringify(name)}`,
        "correct the name, or add the Worker's configuration",
      ),
    ),
  ];
}
