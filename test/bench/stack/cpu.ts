import { readdirSync, readFileSync } from "node:fs";

/** Seconds of CPU used so far by the Workers' runtime (wrangler and workerd), by Postgres, and by the Neon endpoint. */
export interface CpuSeconds {
  workers: number;
  postgres: number;
  endpoint: number;
}

/** Linux counts in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Reads /proc; all values are zero if there is none. */
export function readCpu(processes: { workersGroup: number; postgres: number; endpoint: number }): CpuSeconds {
  const used: CpuSeconds = { workers: 0, postgres: 0, endpoint: 0 };
  for (const { pid, parent, group, own, reaped } of readAll()) {
    if (group === processes.workersGroup) used.workers += own;
    else if (pid === processes.endpoint) used.endpoint += own;
    // The sessions of Postgres are children of its first process, which also knows the CPU of those that have ended.
    else if (pid === processes.postgres) used.postgres += own + reaped;
    else if (parent === processes.postgres) used.postgres += own;
  }
  return used;
}

function readAll() {
  let names: string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
      const [, parent = 0, group = 0] = fields;
      const ticks = (from: number) => ((fields[from] ?? 0) + (fields[from + 1] ?? 0)) / TICKS_PER_SECOND;
      return [{ pid: Number(name), parent, group, own: ticks(11), reaped: ticks(13) }];
    } catch {
      return []; // it has ended in the meantime
    }
  });
}
