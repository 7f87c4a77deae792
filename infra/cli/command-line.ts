import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Argument, Command } from "commander";
import { packageRoot } from "../package-root.ts";
import { examples, runProgram, wellBehaved } from "./commander.ts";
import { COMPLETED_SHELLS, type CompletedShell } from "./completion/shells.ts";
import { EXIT } from "./exit.ts";

const NAME = "eventhub";
const { description, version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
  description: string;
  version: string;
};

/** The program with all commands. The options, subcommands and code of a command are loaded only if `loads` says so, since that takes a moment. */
export async function createProgram(loads: (name: string) => boolean = () => true): Promise<Command> {
  const program = wellBehaved(new Command(NAME)).description(description).version(version).helpCommand(false);
  examples(program, "init", "dev", "routes check eventhub/routing.json", "ops problems --since 12h");
  const init = program
    .command("init")
    .description("add a hub to a project, or start one: hub, executor, console, routes and an example");
  if (loads("init")) (await import("./init/program.ts")).defineInit(init);
  const dev = program
    .command("dev")
    .description("run the hub on this machine beside your own Workers, with a Postgres and the console");
  if (loads("dev")) (await import("./dev/program.ts")).defineDev(dev, process.env);
  const doctor = program
    .command("doctor")
    .description("say what a project's configurations lack or contradict, with file and line");
  if (loads("doctor")) (await import("./doctor/program.ts")).defineDoctor(doctor, process.env);
  const migrate = program
    .command("migrate")
    .description("bring the database of DATABASE_URL up to date; do it before you deploy a new version");
  if (loads("migrate")) (await import("./migrate/program.ts")).defineMigrate(migrate, process.env);
  const ops = program
    .command("ops")
    .description("operate the hub through the database of DATABASE_URL: find, explain, repair");
  if (loads("ops")) (await import("./ops/program.ts")).defineOps(ops, process.env);
  const routes = program
    .command("routes")
    .description("check or explain a route configuration, or compare two over the stored events of DATABASE_URL");
  if (loads("routes")) (await import("./routes/program.ts")).defineRoutes(routes, process.env);
  const events = program
    .command("events")
    .description("check, compare and export a definition of events, or infer one from stored events");
  if (loads("events")) (await import("./events/program.ts")).defineEventCommands(events, process.env);
  const mcp = program
    .command("mcp")
    .description(
      "answer an assistant's questions about the hub of DATABASE_URL, over MCP on standard input and output",
    );
  if (loads("mcp")) (await import("./mcp/program.ts")).defineMcp(mcp, process.env);
  const probe = program
    .command("probe")
    .description("measure the platform's limits: calls of a request, a step and an instance, and latencies");
  if (loads("probe")) (await import("./probe/program.ts")).defineProbe(probe);
  const completion = program
    .command("completion")
    .description("print a script that completes the commands in a shell")
    .addArgument(new Argument("<shell>", "which one").choices(COMPLETED_SHELLS))
    .action(async (shell: CompletedShell) => {
      const { completionScript } = await import("./completion/script.ts");
      console.log(completionScript(shell));
    });
  examples(completion, "bash >> ~/.bashrc", "zsh >> ~/.zshrc", "fish > ~/.config/fish/completions/eventhub.fish");
  return program;
}

/** Runs what was typed after `eventhub`. Reports a failure on stderr, with the exit code of {@link EXIT}. */
export async function runCommandLine(given: readonly string[]): Promise<void> {
  if (given[0] === "__complete") {
    const { printCompletions } = await import("./completion/print.ts");
    return printCompletions(await createProgram((name) => given.includes(name)), given.slice(1));
  }
  if (given.some((arg) => /^(--[\w-]+=)?postgres(ql)?:\/\//i.test(arg))) {
    // The error itself would repeat the faulty text.
    console.error(
      "set DATABASE_URL in the environment instead: everybody who lists processes sees a URL among the arguments",
    );
    process.exitCode = EXIT.wrongCall;
    return;
  }
  const args = given[0] === "help" ? [...given.slice(1), "--help"] : given;
  await runProgram(await createProgram((name) => args.includes(name)), args);
}
