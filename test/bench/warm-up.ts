import { type Bench, burst, emit, PAYLOAD_BYTES, systemOf } from "./bench.ts";

/** Runs each contender's code before anything is measured, so that compilers warm up, and workerd and Postgres create their files. */
export async function warmUp(bench: Bench): Promise<void> {
  for (let round = 0; round < (bench.quick ? 1 : 3); round++) {
    for (const contender of ["handle", "handleBatch", "peer"] as const) {
      await burst(bench, contender, { route: "ONE", dispatches: bench.quick ? 200 : 500, bytes: PAYLOAD_BYTES });
    }
    for (const contender of ["handle", "peer"] as const) {
      const load = { route: "ONE", events: bench.quick ? 60 : 300, perCall: 1, connections: 8, bytes: PAYLOAD_BYTES };
      const { startedAt } = await emit(bench, contender, load);
      await systemOf(bench, contender).settled(startedAt, load.events);
    }
  }
}
