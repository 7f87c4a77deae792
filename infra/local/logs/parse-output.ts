import { stripVTControlCharacters } from "node:util";
import { LOG_EVENTS } from "../../../schema/vocabulary/log-events.ts";
import type { StackMessage } from "./message.ts";

/** Finds the Workers' messages in wrangler's output, line by line. */
export interface OutputParser {
  /** Takes one line, and returns the messages that ended before it. */
  line(text: string): StackMessage[];
  /** Returns the unfinished message, if no more lines of it are expected. */
  flush(): StackMessage[];
}

/** The facts about a Worker by which its messages are recognised. */
export interface Speaker {
  name: string;
  /** The directory of its main module. */
  directory: string | undefined;
}

interface Opening {
  from?: string | undefined;
  level: StackMessage["level"];
  text: string;
  /** Not for people: wrangler's lines about requests, and its lists of bindings. */
  hidden?: boolean;
}

/** The first file in a stack trace. */
const FILE = /\((?:file:\/\/)?(\/[^()]+?):\d+:\d+\)|at (?:async )?(?:file:\/\/)?(\/\S+?):\d+:\d+/g;
/** Wrangler has removed its own files during a build, which it starts again: the next one succeeds. */
const PASSING = /^Build failed[\s\S]*\.wrangler\/tmp\/bundle-[^/]+\/middleware-/;
/** The stack frame of {@link import("../workers/consumer-entry.ts")}. */
const OF_THE_STACK = /\.<computed>(?: \[as handle(?:Batch)?\])? \(.*\/workers\/[^/]+\/entry\.js:\d+/;
/** The engine's message about a step that asked to run again later, which is how a step waits. */
const WAITS = /^Uncaught RetryLater: /;
/** Wrangler's message without Internet access, which nothing here needs. */
const OFFLINE = /^\[wrangler:warn\] Unable to fetch the `Request\.cf` object/;

/**
 * Reads wrangler's output. A Worker's line starts with `[<name>]`. Its lines of level `error` or `warn` have a mark instead; they belong to the
 * Worker whose directory is in their stack trace. A line that starts no message continues the previous one.
 */
export function createOutputParser(speakers: readonly Speaker[]): OutputParser {
  const names = new Set(speakers.map(({ name }) => name));
  let current: Opening | undefined;

  const flush = (): StackMessage[] => {
    const ended = current;
    current = undefined;
    if (ended === undefined || ended.hidden === true) return [];
    const text = tidy(ended.text);
    if (PASSING.test(text) || WAITS.test(text)) return [];
    // The same error again, as it leaves the Worker: it was already logged where the consumer threw it.
    if (text.startsWith("Uncaught ") && OF_THE_STACK.test(ended.text)) return [];
    if (text === "" && ended.from === undefined) return [];
    const from = ended.from ?? (ended.level === "info" ? undefined : authorOf(text, speakers));
    return [{ from, level: ended.level, text, ours: isOurs(text) }];
  };
  return {
    line: (coloured) => {
      const text = stripVTControlCharacters(coloured);
      const opening = openingOf(text, names);
      if (opening === undefined) {
        if (current !== undefined) current.text += `\n${text}`;
        return [];
      }
      const ended = flush();
      current = opening;
      return ended;
    },
    flush,
  };
}

function openingOf(line: string, names: ReadonlySet<string>): Opening | undefined {
  const [, name, said] = /^\[([^\]]+)\] ?(.*)$/.exec(line) ?? [];
  if (name !== undefined && names.has(name)) return { from: name, level: "info", text: said ?? "" };
  if (OFFLINE.test(line) || name === "wrangler:info") return { level: "info", text: line, hidden: true };
  if (name === "wrangler:warn") return { level: "warn", text: said ?? "" };
  if (name === "wrangler:error") return { level: "error", text: said ?? "" };
  const [, mark, marked] = /^([✘▲]) \[(?:ERROR|WARNING)\] (.*)$/.exec(line) ?? [];
  if (mark !== undefined) {
    const level = mark === "✘" ? "error" : "warn";
    const [, author = "", rest] = /^\[([^\]]+)\] (.*)$/.exec(marked ?? "") ?? [];
    return names.has(author) ? { from: author, level, text: rest ?? "" } : { level, text: marked ?? "" };
  }
  if (line.startsWith("⎔ Local server updated")) return { level: "info", text: "the Workers have been reloaded" };
  if (line.startsWith("⎔ ") || / has access to the following bindings:$/.test(line) || /^Service bindings, /.test(line))
    return { level: "info", text: line, hidden: true };
  return undefined;
}

/** Whether it is a log line of the hub's own parts. */
function isOurs(text: string): boolean {
  if (!text.startsWith('{"event":"')) return false;
  const [, event = ""] = /^\{"event":"([\w.]+)"/.exec(text) ?? [];
  return Object.hasOwn(LOG_EVENTS, event);
}

/** Without surrounding empty lines, and with the indentation that stack traces usually have. */
function tidy(text: string): string {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  const lines = rest
    .filter((line, i) => (line.trim() !== "" || i > 0) && !OF_THE_STACK.test(line))
    .map((line) => line.replace(/^ +at /, "    at "));
  return [first.replace(/^Uncaught (.*?)(?: Error)?$/, "Uncaught $1"), ...lines].join("\n").trim();
}

/** The Worker whose directory has the first file of a stack trace that belongs to any Worker; of several, the nearest. */
function authorOf(text: string, speakers: readonly Speaker[]): string | undefined {
  for (const [, inBrackets, bare] of text.matchAll(FILE)) {
    const file = inBrackets ?? bare ?? "";
    const owners = speakers
      .filter(({ directory }) => directory !== undefined && file.startsWith(`${directory}/`))
      .sort((a, b) => (b.directory?.length ?? 0) - (a.directory?.length ?? 0));
    const [first, second] = owners;
    if (first !== undefined && first.directory !== second?.directory) return first.name;
  }
  return undefined;
}
