import type { Project } from "../../../project/project.ts";
import { type Finding, fault, note } from "../finding.ts";

const HOW = "npx cf-eventhub-workflows init writes one";

/** Whether the hub's parts are there, and every Worker that is bound. */
export function checkParts({ root, hub, executor, console, missing, own }: Project): Finding[] {
  const ours = new Set([hub, executor, console].map((file) => file?.path));
  const ofHub = (place: string) => [...ours].some((path) => path !== undefined && place.startsWith(`${path}:`));
  const byEventhub = new Set(
    own.flatMap(({ config, place }) =>
      (config.services ?? []).flatMap(({ binding }, i) =>
        binding === "EVENTHUB" ? [place(["services", i, "service"])] : [],
      ),
    ),
  );
  return [
    ...(hub === undefined ? [fault(root, "there is no hub: nobody takes events", HOW)] : []),
    ...(executor === undefined ? [fault(root, "there is no executor: nobody delivers events", HOW)] : []),
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
