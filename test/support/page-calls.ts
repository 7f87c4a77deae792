import { createProgram } from "../../infra/cli/command-line.ts";
import { PAGES } from "./pages.ts";
import { type Call, callsIn } from "./shell.ts";

/** A call of a program that a page shows. */
export interface PageCall extends Call {
  page: string;
  /** The words in one line. */
  line: string;
}

/** The programs that the pages start. */
const PROGRAMS = ["curl", "npm", "npx", "openssl", "pg_dump", "pg_restore", "psql", "pulumi"];

/** The variables with a database's URL that a reader has set. */
const URLS = [
  "DATABASE_URL",
  ...["DEV", "NEW", "PROD", "STAGING"].map((of) => `${of}_DATABASE_URL`),
  "NEW_URL",
  "OLD_URL",
];

/** The id of a trace. */
export const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** What a reader replaces by something of his own, in every command. */
const PLACEHOLDERS: readonly (readonly [place: RegExp | string, own: string])[] = [
  [/postgres:\/\/\.{3}|'postgresql:\/\/[^']*'/g, '"$DATABASE_URL"'],
  ["<account id>", "0123456789abcdef0123456789abcdef"],
  ["<AUD tag>", "0123456789abcdef"],
  ["<your subdomain>", "acme"],
  [/--trace <id>/g, `--trace ${TRACE}`],
  ["--route NAME", "--route paid-orders"],
  ["release NAME KEY", "release BILLING order-17"],
  [/\bNAME\b/g, "BILLING"],
  [/\bKEY\b/g, "cust-17"],
];

const program = await createProgram();
const OURS = "npx cf-eventhub-workflows";
/** A command of ours in a sentence, with what it takes, such as `ops stop ID`; not `ops stop` alone, nor `routes check <file>`. */
const TYPED = new RegExp(
  `^(?:${OURS} |npx eventhub |eventhub )?(?=(?:${program.commands.map((one) => one.name()).join("|")}) \\S+ \\S)(?!.*[[<](?!id>))`,
);

/** The shell blocks of a page; and its commands of ours that stand in sentences, as one more. */
function scriptsOf(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = ""]) => block);
  const code = [...text.replaceAll(/```.*?```/gs, "").matchAll(/`([^`\n]+)`/g)].map(([, typed = ""]) => typed);
  const lines = code.filter((typed) => TYPED.test(typed)).map((typed) => typed.replace(TYPED, `${OURS} `));
  return lines.length === 0 ? blocks : [...blocks, lines.join("\n")];
}

/**
 * Every program that the pages start, in the order of the pages, each call once.
 *
 * @param project The reader's directory, and the shell's `~`.
 * @param databaseUrl The database that a reader has.
 */
export function callsOfPages(project: string, databaseUrl: string): PageCall[] {
  const env = { HOME: project, ...Object.fromEntries(URLS.map((name) => [name, databaseUrl])) };
  const calls = new Map<string, PageCall>();
  // The lists of files have comments of the code, which nobody types.
  for (const [page, text] of [...PAGES].filter(([path]) => !path.endsWith("every-file.md"))) {
    const scripts = scriptsOf(text).map((script) =>
      PLACEHOLDERS.reduce((given, [place, mine]) => given.replaceAll(place, mine), script),
    );
    for (const call of scripts.length === 0 ? [] : callsIn(scripts, PROGRAMS, { cwd: project, env })) {
      const line = call.words.join(" ");
      if (!calls.has(line)) calls.set(line, { ...call, page, line });
    }
  }
  return [...calls.values()];
}

/** What was typed after `eventhub`, if the call is one of ours. */
export function argsOf({ words: [name, ...rest] }: Call): string[] | undefined {
  const [first, script = "", dashes] = rest;
  if (name === "npx" && (first === "cf-eventhub-workflows" || first === "eventhub")) return rest.slice(1);
  const runs = name === "npm" && first === "run" && dashes === "--" && (script === "ops" || script === "routes");
  return runs ? [script, ...rest.slice(3)] : undefined;
}
