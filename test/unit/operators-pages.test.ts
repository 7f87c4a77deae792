import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { METHODS } from "../../workers/hub/operator/methods.ts";
import { OPERATOR_ERRORS } from "../../workers/hub/operator/operator-error.ts";
import { isAction, type MethodName } from "../../workers/hub/operator/operator-methods.ts";
import { cell, plainTable, table } from "../support/made-page.ts";
import {
  allTypes,
  METHOD_SIGNATURES,
  type NamedType,
  refusalsOf,
  typesIn,
  wordsOf,
} from "../support/operator-types.ts";
import { PAGES } from "../support/pages.ts";
import { code, rowOf, told } from "../support/type-tables.ts";

const METHODS_PAGE = "schema/contract/operators.md";

/** The pages of the types: each type is on one of them. */
const TYPE_PAGES: Readonly<Record<string, { title: string; question: string; types: readonly string[] }>> = {
  "schema/contract/operators/lists.md": {
    title: "Operators' types: lists and searches",
    question: "By what can you filter, and what do the items of a list, and what a search has found, consist of?",
    types: [
      ...["EventFilter", "DispatchFilter", "PayloadEquality", "Moment", "PageOptions", "Page"],
      ...["EventSummary", "ListedEvent", "DispatchSummary", "ListedDispatch", "AboutEvent"],
      ...["Findings", "SearchedPlace", "FoundThing"],
    ],
  },
  "schema/contract/operators/details.md": {
    title: "Operators' types: one event, one dispatch",
    question: "What can you learn about one event or dispatch, and about a route's decision?",
    types: [
      ...["EventDetail", "RelatedEvent", "InvalidEvent", "DispatchDetail", "ExecutionDetail", "DispatchWaiting"],
      ...["RouteExplanation", "FailedComparator"],
    ],
  },
  "schema/contract/operators/tail.md": {
    title: "Operators' types: the live tail",
    question: "What does the live tail take and answer?",
    types: [
      ...["TailOptions", "Tail", "TailItem", "TailedItem", "TailedEvent", "TailedDispatch", "TailedAttempt"],
      "TailedResult",
    ],
  },
  "schema/contract/operators/overview.md": {
    title: "Operators' types: traffic and destinations",
    question: "What do the overviews of traffic, routes, destinations and kinds of events consist of?",
    types: [
      ...["StatsOptions", "Stats", "StatsRow", "TrafficOptions", "Traffic", "RouteHealthOptions", "RouteHealth"],
      ...["DestinationState", "PeriodHealth", "HealthRules", "PausedDestination"],
      ...["EventCatalogue", "CatalogueKind", "CatalogueSample"],
    ],
  },
  "schema/contract/operators/problems.md": {
    title: "Operators' types: problems and the deployment",
    question: "What do the answers about failures, overdue dispatches and the deployment consist of?",
    types: [
      ...["ProblemsOptions", "Problems", "FailureGroup", "IncidentNote", "RetryingGroup", "OverdueGroup", "SetupFault"],
      ...["Deployment", "DeploymentFault", "PartRun"],
    ],
  },
  "schema/contract/operators/actions.md": {
    title: "Operators' types: actions",
    question: "Which options do actions take, what does a dry run say, and what does an operation consist of?",
    types: [
      ...["ActionOptions", "RetryOverrides", "BulkOptions", "RetryManyOptions", "ReplayOptions", "ExpectedDispatches"],
      ...["DispatchesDryRun", "ReplayDryRun", "Operation", "OperationOutcome"],
      ...["OperationFilter", "OperationPageOptions"],
    ],
  },
  "schema/contract/operators/keys.md": {
    title: "Operators' types: keys, limits and order",
    question: "What do you give and get for the keys of a destination with limits or an order?",
    types: [
      ...["FlowFilter", "FlowPageOptions", "FlowState", "DestinationFlow", "FlowLimits", "FlowSetting"],
      ...["KeyOptions", "ResetFlowOptions", "ReleasedKey"],
    ],
  },
};

/** The types that other pages have, and those that only help to write others. */
const ELSEWHERE: Readonly<Record<string, string | undefined>> = {
  RouteConfig: "workers/hub/routing/configuration.md",
  RetryDelay: "workflows/retries.md",
  FlowRules: "workflows/kinds/limits-and-order.md",
  EventPayload: "schema/contract/producers.md#eventpayload",
  StatusThatIs: undefined,
};

const types = allTypes(Object.keys(ELSEWHERE));

/** Where a type is described, seen from a page. */
function placeOf(name: string, page: string): string | undefined {
  const [own] = Object.entries(TYPE_PAGES).find(([, { types: names }]) => names.includes(name)) ?? [];
  const place = own === undefined ? ELSEWHERE[name] : `${own}#${name.toLowerCase()}`;
  if (place === undefined) return undefined;
  return place.startsWith(`${page}#`) ? place.slice(page.length) : relative(dirname(page), place);
}

/** A type as code, linked to the last type in it that is described elsewhere. */
function linked(node: ts.Node | undefined, page: string, shown = code(node)): string {
  const place = (node === undefined ? [] : typesIn(node)).flatMap((type) => placeOf(type.name.text, page) ?? []).at(-1);
  const text = cell(`\`${shown}\``);
  return place === undefined ? text : `[${text}](${place})`;
}

/** The command that calls a method, linked to its section. */
function commandOf(name: MethodName): string {
  const { command } = METHODS[name];
  const usage = typeof command === "string" ? METHODS[command].command : command;
  const [word = ""] = (usage?.[0] ?? "").toString().split(" ");
  if (word === "") return "";
  const heading = new RegExp(`^## (${word}(?: \\(.*\\))?)$`, "m");
  const [page = "", text = ""] =
    [...PAGES].find(([path, one]) => path.startsWith("infra/cli/ops/") && heading.test(one)) ?? [];
  const anchor = (heading.exec(text)?.[1] ?? "").replaceAll(/[()]/g, "").replaceAll(" ", "-");
  return `[\`ops ${word}\`](${relative(dirname(METHODS_PAGE), page)}#${anchor})`;
}

/** The answer of a method, without the promise of it. */
const answerOf = (signature: ts.MethodSignature): ts.TypeNode | undefined =>
  signature.type !== undefined && ts.isTypeReferenceNode(signature.type)
    ? signature.type.typeArguments?.[0]
    : undefined;

function methodRow(signature: ts.MethodSignature): string[] {
  const name = signature.name.getText() as MethodName;
  const parameters = signature.parameters.map((one) => {
    const type = linked(one.type, METHODS_PAGE);
    return `\`${one.name.getText()}${one.questionToken === undefined ? "" : "?"}\`: ${type}`;
  });
  const refused = [...refusalsOf(name)].sort().map((one) => `\`${one}\``);
  return [
    `\`${name}\``,
    parameters.join(", "),
    linked(answerOf(signature), METHODS_PAGE),
    told(signature),
    refused.join(", "),
    commandOf(name),
  ];
}

const methodsTable = (acts: boolean) =>
  plainTable(
    ["method", "arguments (`?`: may be left out)", "answer", "what it does", "refused as", "command"],
    METHOD_SIGNATURES.filter(({ name }) => isAction(name.getText()) === acts).map(methodRow),
  );

const methodsPage = `# The operators' contract

Which methods does \`Operator\` have, and what do they take, answer and refuse? This page is made of the code's own tables.
[Operate](../../workers/hub/operator/README.md) shows how to call them. \`cf-eventhub-workflows/hub\` exports the types of
arguments and answers.

## Questions

${methodsTable(false)}

## Actions

Each action leaves a row in \`operations\`. [Readers](../../workers/console/README.md#who-may-act) get \`[forbidden]\`.

${methodsTable(true)}

## Refusals

A refused call throws an error whose message starts with one of these codes in brackets. Any method may be refused as \`forbidden\`, \`misconfigured\`
or \`unavailable\`.

${table(
  ["code", "meaning"],
  Object.entries(OPERATOR_ERRORS).map(([name, meaning]) => [name, cell(`${meaning}.`)]),
)}
`;

/** The members of a type that are its own: their types are linked. */
function membersOf(type: ts.InterfaceDeclaration, page: string): string {
  const rows = type.members.map((member) => {
    const [name = "", , meaning = ""] = rowOf(member);
    const node = ts.isPropertySignature(member) ? member.type : undefined;
    return [name, linked(node, page), meaning];
  });
  return table(["member", "type", "meaning"], rows);
}

/** The members that an interface has from others. */
function inheritedBy(type: NamedType, page: string): string {
  const parents = ts.isInterfaceDeclaration(type) ? (type.heritageClauses ?? []).flatMap((clause) => clause.types) : [];
  return parents.map((parent) => ` It also has the members of ${linked(parent, page)}.`).join("");
}

function sectionOf(name: string, page: string): string {
  const type = types.get(name);
  if (type === undefined) throw new Error(`no method has a ${name}`);
  const body = ts.isInterfaceDeclaration(type) ? membersOf(type, page) : linked(type.type, page);
  return `## ${name}\n\n${told(type)}${inheritedBy(type, page)}\n\n${body}`;
}

/** The words on a page: types of which each value is a string. */
function wordsOn(names: readonly string[]): string {
  const used = names.flatMap((name) => {
    const type = types.get(name);
    return type === undefined ? [] : typesIn(type);
  });
  const rows = [...new Set(used)].flatMap((type) => {
    const words = wordsOf(type);
    return words === undefined ? [] : [[type.name.text, words.map((word) => `\`${word}\``).join(", ")]];
  });
  return rows.length === 0 ? "" : `\n## Words\n\n${table(["type", "its values"], rows)}\n`;
}

const typePage = (page: string) => {
  const { title = "", question = "", types: names = [] } = TYPE_PAGES[page] ?? {};
  const methods = relative(dirname(page), METHODS_PAGE);
  return `# ${title}

${question}
This page is made of the types of [the operators' contract](${methods}).

${names.map((name) => sectionOf(name, page)).join("\n\n")}
${wordsOn(names)}`;
};

test("the page of the operators' methods is generated from the code", async () => {
  await expect(methodsPage).toMatchFileSnapshot(join("../..", METHODS_PAGE));
});

test.each(Object.keys(TYPE_PAGES))("%s is generated from the types", async (page) => {
  await expect(typePage(page)).toMatchFileSnapshot(join("../..", page));
});

test("each type that a method takes or answers is on exactly one page, with a description", () => {
  const shown = Object.values(TYPE_PAGES).flatMap(({ types: names }) => names);
  const named = [...types].filter(([, type]) => wordsOf(type) === undefined).map(([name]) => name);
  expect([...shown].sort()).toEqual(named.sort());
  expect(shown.filter((name) => told(types.get(name) as NamedType) === "")).toEqual([]);
});
