import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a process may take to end. */
const GRACE_MS = 5_000;

/** A process, as the system describes it. */
export interface ProcessInfo {
  pid: number;
  /** Its process group. */
  group: number;
  /** When it began, in the system's own notation. Pid and start together identify a process for good, since pids are reused. */
  startedAt: string;
  command: string;
}

/** The process with this pid; `undefined` if there is none. A zombie does not count. */
export function findProcess(pid: number): ProcessInfo | undefined {
  return process.platform === "linux" ? readProc(pid) : readPs(["-p", String(pid)])[0];
}

/** Every process of a process group. */
export function findGroup(group: number): ProcessInfo[] {
  const all =
    process.platform === "linux"
      ? readdirSync("/proc")
          .filter((name) => /^\d+$/.test(name))
          .map((name) => readProc(Number(name)))
          .filter((info) => info !== undefined)
      : readPs(["-ax"]);
  return all.filter((info) => info.group === group);
}

/**
 * Ends processes: with SIGTERM first, unless `how` says otherwise, and with SIGKILL after 5 s. Resolves when they are gone.
 *
 * @throws If one still exists after the SIGKILL.
 */
export async function endProcesses(
  processes: readonly ProcessInfo[],
  how: "SIGTERM" | "SIGKILL" = "SIGTERM",
): Promise<void> {
  const signals = how === "SIGTERM" ? (["SIGTERM", "SIGKILL"] as const) : (["SIGKILL"] as const);
  for (const signal of signals) {
    const deadline = Date.now() + GRACE_MS;
    for (const info of processes.filter(isSame)) send(info.pid, signal);
    while (processes.some(isSame)) {
      if (Date.now() > deadline) break;
      await sleep(50);
    }
  }
  const left = processes.filter(isSame);
  if (left.length > 0) throw new Error(`could not end process ${left.map((info) => info.pid).join(", ")}`);
}

/** Whether this very process is still alive. By now, its pid may belong to another one. */
export function isSame(info: Pick<ProcessInfo, "pid" | "startedAt">): boolean {
  return findProcess(info.pid)?.startedAt === info.startedAt;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it ended by itself meanwhile, as intended.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

// /proc and not `ps`, which slim container images lack.
function readProc(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in brackets, and may itself contain spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, , group] = fields;
    const startedAt = fields[19];
    if (state === undefined || state === "Z" || state === "X" || startedAt === undefined) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, group: Number(group), startedAt, command };
  } catch {
    return undefined; // gone, perhaps between the two reads
  }
}

function readPs(select: string[]): ProcessInfo[] {
  let text: string;
  try {
    text = execFileSync("ps", ["-o", "pid=,pgid=,stat=,lstart=,command=", ...select], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 10_000,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch {
    return []; // ps ends with 1 if nothing matches
  }
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/gm)]
    .filter(([, , , state]) => !state?.startsWith("Z"))
    .map(([, pid, group, , startedAt, command]) => ({
      pid: Number(pid),
      group: Number(group),
      startedAt: startedAt ?? "",
      command: command ?? "",
    }));
}
