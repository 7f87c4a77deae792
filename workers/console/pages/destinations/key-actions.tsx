import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { formOf } from "../../forms/posted-form.ts";
import { destinationPage } from "./destination.tsx";

interface KeyAction {
  call(vars: ConsoleContext["var"], name: string, key: string): Promise<unknown>;
  /** What the page then says. */
  done: string;
}

/** What can be done about a key on its destination's page. */
const ACTIONS: Readonly<Record<string, KeyAction>> = {
  pause: { call: ({ operator }, name, key) => operator.pauseKey(name, key), done: "key-paused" },
  resume: { call: ({ operator }, name, key) => operator.resumeKey(name, key), done: "key-resumed" },
  release: { call: ({ operator }, name, key) => operator.releaseKey(name, key), done: "released" },
  reset: { call: ({ operator }, name, key) => operator.resetFlow(name, { key }), done: "reset" },
};

/** `/destinations/:name/keys/…`: pause, resume, release and reset a key; `/destinations/:name/limits/reset` resets the whole destination. */
export function addKeyActions(app: ConsoleApp): void {
  for (const [action, { call, done }] of Object.entries(ACTIONS)) {
    app.post(`/destinations/:name/keys/${action}`, async (c) => {
      const [name, { all }] = [c.req.param("name"), await formOf(c)];
      const key = decoded(all[action === "release" ? "order" : "key"] ?? "");
      const answer = await attempt(call(c.var, name, key));
      if (answer.error) return destinationPage(c, name, answer.error);
      return c.redirect(`/destinations/${encodeURIComponent(name)}?done=${done}#keys`, 303);
    });
  }
  app.post("/destinations/:name/limits/reset", async (c) => {
    const name = c.req.param("name");
    const answer = await attempt(c.var.operator.resetFlow(name));
    if (answer.error) return destinationPage(c, name, answer.error);
    return c.redirect(`/destinations/${encodeURIComponent(name)}?done=reset`, 303);
  });
}

/** A key as the page's own forms have it; another text is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
