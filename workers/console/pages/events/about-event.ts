import type { AboutEvent } from "../../../../schema/contract/find.ts";
import type { ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";

/** The description of an event for the title of a page. `undefined` if the hub does not answer, because a page must not fail for its title. */
export async function aboutEvent(c: ConsoleContext, id: string): Promise<AboutEvent | undefined> {
  const { value } = await attempt(c.var.operator.listEvents({ ids: [id] }, { limit: 1, about: true }));
  return value?.items[0]?.about;
}
