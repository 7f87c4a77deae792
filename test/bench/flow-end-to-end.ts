import { startOurs } from "./stack/ours.ts";
import type { Backend } from "./stack/start-backend.ts";
import type { System } from "./stack/system.ts";
import { median } from "./statistics.ts";

const EVENTS = 5_000;
const ROUNDS = 3;
const BYTES = 1_000;

/** Whole deliveries, emit to result, of destinations without and with limits and order, in turn. */
export async function measureDeliveries(directory: string, backend: Backend): Promise<void> {
  const system = await startOurs(directory, backend);
  try {
    const speeds = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++)
      for (const to of ["ONE", "LIMITED", "ORDERED", "ORDERED_FEW"]) {
        const speed = await deliver(system, to, `${to}-${round}`);
        console.error(`${to}: ${Math.round(speed)} dispatches/s`);
        speeds.set(to, [...(speeds.get(to) ?? []), speed]);
      }
    const of = (to: string) => median(speeds.get(to) ?? []);
    console.log(`without limits or order: ${Math.round(of("ONE"))} dispatches/s`);
    console.log(`rate of 500/s, ${EVENTS} waiting: ${(of("LIMITED") / 500).toFixed(3)} of the rate is used`);
    for (const [to, keys] of [
      ["ORDERED", 1_000],
      ["ORDERED_FEW", 7],
    ] as const)
      console.log(
        `ordered, ${keys} keys: ${Math.round(of(to))} dispatches/s, ${(of(to) / of("ONE")).toFixed(2)} of that without`,
      );
  } finally {
    await system.stop();
  }
}

/** Emits a burst; dispatches a second from the first call to the last result. */
async function deliver(system: System, to: string, run: string): Promise<number> {
  await system.reset();
  const load = { run, to, events: EVENTS, perCall: 100, connections: 8, bytes: BYTES };
  const { startedAt } = await system.emit(load);
  return (EVENTS / ((await system.settled(startedAt, EVENTS)) - startedAt)) * 1_000;
}
