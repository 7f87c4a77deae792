import type { KeyOf } from "../../../../schema/vocabulary/statuses.ts";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { destinationPath } from "../../format/paths.ts";
import { settingOf } from "../../forms/limit-setting.ts";
import { formOf } from "../../forms/posted-form.ts";
import { destinationPage } from "./destination.tsx";

interface KeyAction {
  call(vars: ConsoleContext["var"], name: string, key: string, of: KeyOf): Promise<unknown>;
  /** The name of the message on the page that follows. */
  done: string;
}

/** The actions for a key on its destination's page. */
const ACTIONS: Readonly<Record<string, KeyAction>> = {
  pause: { call: ({ operator }, name, key, of) => operator.pauseKey(name, key, { of }), done: "key-paused" },
  resume: { call: ({ operator }, name, key, of) => operator.resumeKey(name, key, { of }), done: "key-resumed" },
  release: { call: ({ operator }, name, key) => operator.releaseKey(name, key), done: "released" },
  reset: { call: ({ operator }, name, key) => operator.resetFlow(name, { key }), done: "reset" },
};

/** `/destinations/:name/keys/…`: pause, resume, release, limit and reset a key. `/destinations/:name/limits` is for the whole destination. */
export function addKeyActions(app: ConsoleApp): void {
  for (const [action, { call, done }] of Object.entries(ACTIONS)) {
    app.post(`/destinations/:name/keys/${action}`, async (c) => {
      const [name, { all }] = [c.req.param("name"), await formOf(c)];
      const key = decoded(all[action === "release" ? "order" : "key"] ?? "");
      const of: KeyOf = all.of === "order" ? "order" : "limits";
      const answer = await attempt(call(c.var, name, key, of));
      if (answer.error) return destinationPage(c, name, { error: answer.error });
      return c.redirect(`${destinationPath(name)}?done=${done}#${of === "order" ? "orders" : "keys"}`, 303);
    });
  }
  app.post("/destinations/:name/limits/reset", async (c) => {
    const name = c.req.param("name");
    const answer = await attempt(c.var.operator.resetFlow(name));
    if (answer.error) return destinationPage(c, name, { error: answer.error });
    return c.redirect(`${destinationPath(name)}?done=reset`, 303);
  });
  for (const path of ["limits", "keys/limits"] as const) {
    app.post(`/destinations/:name/${path}`, async (c) => {
      const [name, form] = [c.req.param("name"), await formOf(c)];
      const key = path === "limits" ? undefined : decoded(form.all.key ?? "");
      const answer = await attempt(c.var.operator.setFlow(name, settingOf(form, key, new Date())));
      if (answer.error) return destinationPage(c, name, { error: answer.error, limits: { key, fields: form.all } });
      return c.redirect(`${destinationPath(name)}?done=limits-set${key === undefined ? "" : "#keys"}`, 303);
    });
  }
}

/** A key decoded from the page's own forms. Any other text is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
