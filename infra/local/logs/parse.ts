import { stripVTControlCharacters } from "node:util";
import { LOG_EVENTS } from "../../../schema/vocabulary/log-events.ts";
import type { StackMessage } from "./message.ts";

/** Tells what the Workers say in what wrangler prints, line by line. */
export interface OutputParser {
  /** Takes one line, and gives the messages that ended before it. */
  line(text: string): StackMessage[];
  /** Gives the message that is under way: no more lines of it are to be expected. */
  flush(): StackMessage[];
}

/** A Worker, as far as its messages are told by it. */
export interface Speaker {
  name: string;
  /** The directory of its main module. */
  directory: string | undefined;
}

interface Opening {
  from?: string | undefined;
  level: StackMessage["level"];
  text: string;
  /** Not for people: what wrangler says of requests, and its lists of bindings. */
  hidden?: boolean;
}

/** Where a stack names its first file. */
const FILE = /\((?:file:\/\/)?(\/[^()]+?):\d+:\d+\)|at (?:async )?(?:file:\/\/)?(\/\S+?):\d+:\d+/g;
/** Wrangler has removed its own files under a build that it begins anew: the next one succeeds. */
const PASSING = /^Build failed[\s\S]*\.wrangler\/tmp\/bundle-[^/]+\/middleware-/;
/** The frame of {@link import("../workers/consumer-entry.ts")}. */
const OF_THE_STACK = /\[as handle(Batch)?\] .*\/entry\.js:\d+/;
/** What wrangler says when no Internet is there, which nothing here needs. */
const OFFLINE = /^\[wrangler:warn\] Unable to fetch the `Request\.cf` object/;

/**
 * Reads wrangler's output. A line of a Worker begins with `[<name>]`, and what it says of level `error` or `warn` with a mark instead: that is
 * whose directory its stack names. Whatever does not begin a message goes on with the one before.
 */
export function createOutputParser(speakers: readonly Speaker[]): OutputParser {
  const names = new Set(speakers.map(({ name }) => name));
  let current: Opening | undefined;

  const flush = (): StackMessage[] => {
    const ended = current;
    current = undefined;
    if (ended === undefined || ended.hidden === true) return [];
    const text = tidy(ended.text);
    if (PASSING.test(text)) return [];
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

/** Whether it is a line that the hub's own parts log. */
function isOurs(text: string): boolean {
  if (!text.startsWith('{"event":"')) return false;
  const [, event = ""] = /^\{"event":"([\w.]+)"/.exec(text) ?? [];
  return Object.hasOwn(LOG_EVENTS, event);
}

/** Without the empty lines around it, and with the indentation of a stack that others print, too. */
function tidy(text: string): string {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  const lines = rest
    .filter((line, i) => (line.trim() !== "" || i > 0) && !OF_THE_STACK.test(line))
    .map((line) => line.replace(/^ +at /, "    at "));
  return [first.replace(/^Uncaught (.*?)(?: Error)?$/, "Uncaught $1"), ...lines].join("\n").trim();
}

/** The Worker whose directory the first file of a stack that is anybody's lies in; of several, the nearest. */
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
