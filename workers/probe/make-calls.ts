import type { Called, Calls } from "./protocol.ts";

/** Makes calls until one is refused. Then it waits for the calls in flight, and makes no more. */
export async function makeCalls({ calls, atOnce }: Calls, call: () => Promise<unknown>): Promise<Called> {
  const began = Date.now();
  let begun = 0;
  let made = 0;
  let refusal: string | null = null;
  const caller = async () => {
    while (begun < calls && refusal === null) {
      begun++;
      try {
        await call();
        made++;
      } catch (error) {
        refusal ??= error instanceof Error ? error.message : String(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, calls) }, caller));
  return { made, refusal, ms: Date.now() - began };
}
