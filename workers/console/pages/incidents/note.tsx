import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Heading } from "../../components/Panels.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { formOf } from "../../forms/posted-form.ts";

/** `/incidents/note`: stores a note on the incident of a dispatch. */
export function addNote(app: ConsoleApp): void {
  app.post("/incidents/note", async (c) => {
    const form = await formOf(c);
    const note = form.get("note");
    const { error } = await attempt(c.var.operator.noteIncident(form.get("dispatch"), note));
    if (error === undefined) return c.redirect("/?done=noted", 303);
    return c.html(
      <Layout c={c} title="The note was not saved" section="overview">
        <Heading title="The note was not saved" />
        <ErrorBox error={error} />
        <p class="strong">What was written:</p>
        <pre class="reason-text">{note}</pre>
        <p>
          <a class="button" href="/">
            Back to the overview
          </a>
        </p>
      </Layout>,
      error.status,
    );
  });
}
