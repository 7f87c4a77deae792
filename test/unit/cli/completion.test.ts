import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProgram } from "../../../infra/cli/command-line.ts";
import { candidatesFor } from "../../../infra/cli/completion/candidates.ts";
import { completionScript } from "../../../infra/cli/completion/script.ts";
import { DISPATCH_STATUSES } from "../../../schema/vocabulary/statuses.ts";

const program = await createProgram();
const offered = (...words: string[]) => candidatesFor(program, words).map(({ value }) => value);

describe("what can be completed at the cursor", () => {
  test.each<[string[], string[]]>([
    [["mig"], ["migrate"]],
    [
      ["ops", "re"],
      ["retry", "replay", "resume", "resume-key", "release", "reset-flow"],
    ],
    [["ops", "--js"], ["--json"]],
    [
      ["ops", "follow", "--only", "event,"],
      ["event,attempt", "event,result"],
    ],
    [
      ["ops", "list", "--json", "--or"],
      ["--order-key", "--order"],
    ],
    [
      ["ops", "list", "--order", ""],
      ["newest", "oldest"],
    ],
    [["ops", "list", "--order", "=", "ol"], ["oldest"]],
    [
      ["ops", "list", "--order", "="],
      ["newest", "oldest"],
    ],
    [["ops", "list", "--order=n"], ["--order=newest"]],
    [["ops", "list", "--status", ""], [...DISPATCH_STATUSES]],
    [["ops", "list", "--status", "failed,l"], ["failed,lost"]],
    [
      ["ops", "stats", "--bucket", ""],
      ["minute", "hour", "day"],
    ],
    [
      ["ops", "replay", "--as", ""],
      ["same", "current"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["ops", "list", "--order", "newest", "--ord"], ["--order-key"]],
    [["routes", "check", ""], []],
    [["ops", "show", ""], []],
    [["nothing", ""], []],
  ])("%j", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  test("includes every option of the command, with its help", () => {
    const options = offered("ops", "cancel", "--");
    expect(options).toEqual(expect.arrayContaining(["--status", "--dry-run", "--operation-id", "--actor", "--help"]));
    expect(new Set(options).size).toBe(options.length);
    expect(candidatesFor(program, ["ops", "tail", "--on"])).toEqual([
      { value: "--only", description: expect.stringMatching(/^of event, attempt, result/) },
    ]);
  });
});

const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

describe("in a shell", () => {
  const cli = fileURLToPath(new URL("../../../infra/cli/index.ts", import.meta.url));
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "eventhub-completion-"));
    const command = join(directory, "eventhub");
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
    chmodSync(command, 0o755);
    writeFileSync(join(directory, "routing.json"), "{}");
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** What a shell prints for a program, with the command on its PATH, in a folder with one JSON file. */
  const shell = (name: string, ...args: string[]) =>
    execFileSync(name, args, {
      cwd: directory,
      env: { ...process.env, PATH: `${directory}:${process.env.PATH}` },
      encoding: "utf8",
    })
      .trim()
      .split("\n");

  /** The content of COMPREPLY in bash for words, of which the last is being typed. */
  const inBash = (...words: string[]) => {
    const typed = ["eventhub", ...words].map((word) => `'${word}'`).join(" ");
    const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _eventhub eventhub; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return shell("bash", "--norc", "-c", `${completionScript("bash")}\n${ask}`);
  };

  test.runIf(has("bash"))("bash completes commands, options and statuses", () => {
    expect(inBash("ops", "re")).toEqual(["retry", "replay", "resume", "resume-key", "release", "reset-flow"]);
    expect(inBash("ops", "list", "--status", "failed,mis")).toEqual(["failed,misconfigured"]);
    expect(inBash("routes", "check", "")).toEqual([""]);
    const registered = shell("bash", "--norc", "-c", `${completionScript("bash")}\ncomplete -p eventhub`);
    expect(registered).toEqual(["complete -o default -F _eventhub eventhub"]);
  });

  test.runIf(has("bash"))("bash evaluates nothing that was typed, and can read the script twice", () => {
    expect(inBash("ops", "list", "--reason", "$(touch pwned)", "--ord")).toEqual(["--order-key", "--order"]);
    expect(shell("ls", directory)).toEqual(["eventhub", "routing.json"]);
    const script = completionScript("bash");
    expect(shell("bash", "--norc", "-c", `set -e\n${script}\n${script}\necho read`)).toEqual(["read"]);
  });

  test.runIf(has("fish"))(
    "fish completes commands with their help, and file names where there is no other candidate",
    () => {
      const inFish = (typed: string) =>
        shell("fish", "--no-config", "-c", `${completionScript("fish")}\ncomplete -C '${typed}'`);
      expect(inFish("eventhub ops list --order ")).toEqual(["newest", "oldest"]);
      expect(inFish("eventhub ops tai")).toEqual([expect.stringMatching(/^tail\tevents, attempts and results/)]);
      expect(inFish("eventhub routes check rou")).toEqual([expect.stringMatching(/^routing\.json/)]);
    },
  );

  test.runIf(has("zsh"))("zsh reads the script", () => {
    const read = shell(
      "zsh",
      "-f",
      "-c",
      `autoload -U compinit; compinit -D\n${completionScript("zsh")}\necho $_comps[eventhub]`,
    );
    expect(read).toEqual(["_eventhub"]);
  });
});
