import { ALARM_BINDING, ALARM_CLASS } from "../../../../schema/vocabulary/deployment.ts";
import { SETTINGS } from "../../../../schema/vocabulary/settings.ts";
import { alarmIndex } from "../../../project/has-alarm.ts";
import type { Project } from "../../../project/project.ts";
import type { WranglerFile } from "../../../project/wrangler-file.ts";
import { type Finding, fault, note } from "../finding.ts";

const BINDINGS = ["durable_objects", "bindings"] as const;

/** Whether hub and executor have the hub's alarm. Whether its class is exported, is checked in exports.ts. */
export function checkAlarm({ hub, executor }: Project): Finding[] {
  if (hub === undefined || executor === undefined) return [];
  const [own, other] = [alarmIndex(hub), alarmIndex(executor)];
  if (own < 0 && other < 0)
    return [
      note(hub.place(["name"]), `${ALARM_BINDING} is not bound: ${SETTINGS.hub.EVENTHUB_ALARM.what}`, adviceFor(hub)),
    ];
  return [
    ...(own < 0
      ? [fault(hub.place(["name"]), `${ALARM_BINDING} is bound only to the executor: nobody arms it`, adviceFor(hub))]
      : checkClass(hub, own)),
    ...(other < 0
      ? [
          fault(
            executor.place(["name"]),
            `${ALARM_BINDING} is bound only to the hub: nobody answers it`,
            adviceFor(executor, hub),
          ),
        ]
      : checkScript(executor, other, hub)),
  ];
}

function checkClass({ config, place, name }: WranglerFile, index: number): Finding[] {
  const { class_name: bound = "", script_name: script = name } = config.durable_objects?.bindings?.[index] ?? {};
  if (script !== name) {
    const what = `${ALARM_BINDING} runs in ${JSON.stringify(script)} instead of the hub`;
    return [fault(place([...BINDINGS, index, "script_name"]), what, "leave out script_name")];
  }
  const made =
    config.exports?.[bound] !== undefined ||
    (config.migrations ?? []).some(
      ({ new_sqlite_classes: classes }) => Array.isArray(classes) && classes.includes(bound),
    );
  if (made) return [];
  const what = `no migration creates the class ${JSON.stringify(bound)}`;
  return [fault(place([...BINDINGS, index, "class_name"]), what, `add ${MIGRATION(bound)} to migrations`)];
}

function checkScript({ config, place }: WranglerFile, index: number, hub: WranglerFile): Finding[] {
  const script = config.durable_objects?.bindings?.[index]?.script_name;
  if (script === hub.name) return [];
  const what = `${ALARM_BINDING} is not the hub's${script === undefined ? "" : `, but of ${JSON.stringify(script)}`}`;
  return [fault(place([...BINDINGS, index, "script_name"]), what, `set "script_name": ${JSON.stringify(hub.name)}`)];
}

const MIGRATION = (name: string) => JSON.stringify({ tag: "v1", new_sqlite_classes: [name] });

function adviceFor({ config }: WranglerFile, hub?: WranglerFile): string {
  const binding = {
    name: ALARM_BINDING,
    class_name: ALARM_CLASS,
    ...(hub === undefined ? {} : { script_name: hub.name }),
  };
  const migration =
    hub === undefined && config.migrations === undefined ? ` and "migrations": [${MIGRATION(ALARM_CLASS)}]` : "";
  return `add "durable_objects": { "bindings": [${JSON.stringify(binding)}] }${migration}`;
}
