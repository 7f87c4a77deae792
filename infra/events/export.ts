import { isRecord } from "../../schema/config/faults.ts";
import type { RouteConfigInput } from "../../schema/config/routes.ts";
import type { CheckedKind, EventChecker } from "../../workers/hub/events/checker.ts";
import { DIALECT } from "../../workers/hub/events/json-schema/compile.ts";
import { typeText } from "./type-text.ts";

/** The forms in which a definition can be exported. */
export const EXPORT_FORMATS = ["json-schema", "asyncapi", "types", "markdown"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A definition of events in another form, as text. */
export function exportEvents(events: EventChecker, format: ExportFormat): string {
  switch (format) {
    case "json-schema":
      return json(configurationOf(events));
    case "asyncapi":
      return json(asyncApiOf(events));
    case "types":
      return typesOf(events);
    case "markdown":
      return markdownOf(events);
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The part of a route configuration that defines the same events. */
export function configurationOf({
  member,
  check,
  unknown,
  kinds,
}: EventChecker): Required<Pick<RouteConfigInput, "events" | "eventDefaults">> {
  const events = [...kinds].map(([kind, known]) => {
    const { description, examples, key, version } = known;
    const told = Object.entries({ description, examples, key, version }).filter(([, value]) => value !== undefined);
    const own = known.check === check ? {} : { check: known.check };
    return [kind, { schema: plainSchema(known), ...Object.fromEntries(told), ...own }];
  });
  return {
    events: Object.fromEntries(events) as RouteConfigInput["events"] & object,
    eventDefaults: { kind: member, check, unknown },
  };
}

/** Its JSON Schema, without the line that names the dialect, which is the same for all. */
function plainSchema(kind: CheckedKind): unknown {
  const schema = kind.jsonSchema() ?? true;
  if (!isRecord(schema)) return schema;
  const { $schema, ...rest } = schema;
  return $schema === undefined || $schema === DIALECT ? rest : schema;
}

/** @see https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
function asyncApiOf({ kinds }: EventChecker): object {
  const messages = Object.fromEntries(
    [...kinds].map(([kind, known]) => [
      idOf(kind),
      {
        name: kind,
        ...(known.description === undefined ? {} : { description: known.description }),
        contentType: "application/json",
        payload: { schemaFormat: `application/schema+json;version=draft-2020-12`, schema: plainSchema(known) },
        ...(known.examples === undefined ? {} : { examples: known.examples.map((payload) => ({ payload })) }),
      },
    ]),
  );
  const references = Object.keys(messages).map((id) => ({ $ref: `#/channels/events/messages/${id}` }));
  return {
    asyncapi: "3.0.0",
    info: { title: "Events", version: "1.0.0" },
    channels: { events: { address: "eventhub", messages } },
    operations: { emit: { action: "receive", channel: { $ref: "#/channels/events" }, messages: references } },
  };
}

/** A name in the form of AsyncAPI's keys. */
const idOf = (kind: string) => kind.replaceAll(/[^\w.-]/g, "_");

function typesOf({ member, kinds }: EventChecker): string {
  const lines = [...kinds].map(([kind, known]) => {
    const about =
      known.description === undefined
        ? ""
        : `  /** ${known.description.replaceAll("*/", "* /").replaceAll("\n", " ")} */\n`;
    const named = `{ ${JSON.stringify(member)}: ${JSON.stringify(kind)} }`;
    return `${about}  ${JSON.stringify(kind)}: ${named} & ${typeText(known.jsonSchema() ?? true, "  ")};`;
  });
  return `/** Payloads by the kind of their event. */\nexport interface EventPayloads {\n${lines.join("\n")}\n}\n`;
}

function markdownOf({ member, kinds, unknown }: EventChecker): string {
  const parts = [...kinds].map(([kind, known]) => {
    const facts = [
      `check: ${known.check}`,
      known.version && `version: ${known.version}`,
      known.key && `key: \`${known.key}\``,
    ];
    const [example] = known.examples ?? [];
    return [
      `## ${kind.replaceAll(/([\\`*_[\]<>#|])/g, "\\$1")}`,
      ...(known.description === undefined ? [] : [known.description]),
      facts.filter(Boolean).join(", "),
      fenced("ts", typeText(known.jsonSchema() ?? true, "")),
      ...(example === undefined ? [] : ["Example:", fenced("json", JSON.stringify(example, null, 2))]),
    ].join("\n\n");
  });
  const head = `# Events\n\n${kinds.size} kinds, named by \`${member}\`. Others: ${unknown}.`;
  return `${[head, ...parts].join("\n\n")}\n`;
}

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
