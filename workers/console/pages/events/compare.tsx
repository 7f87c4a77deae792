import type { JsonValue } from "../../../../schema/contract/index.ts";
import type { EventDetail } from "../../../../schema/contract/operator.ts";
import { EventId } from "../../components/Id.tsx";
import { Json } from "../../components/Json.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Heading, Panel } from "../../components/Panels.tsx";
import { Moment } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { many } from "../../format/amounts.ts";
import { differences } from "../../format/json-difference.ts";
import { idsIn } from "../../forms/ids-in.ts";

/** The most differences shown of two payloads. */
const MAX_SHOWN = 500;

/** `/events/compare`: two events side by side. */
export function addCompareEvents(app: ConsoleApp): void {
  app.get("/events/compare", async (c) => {
    const [one, other, ...rest] = idsIn(c.req.queries("ids")?.join(" ") ?? "");
    const now = new Date();
    if (one === undefined || other === undefined || rest.length > 0) {
      return c.html(
        <Layout c={c} title="Compare two events" section="events">
          <Heading title="Compare two events" />
          <Empty title="Choose two events">
            <p>
              Tick two of <a href="/events">the list</a>, and compare them.
            </p>
          </Empty>
        </Layout>,
        400,
      );
    }
    const [left, right] = await Promise.all([c.var.operator.getEvent(one), c.var.operator.getEvent(other)]);
    return c.html(
      <Layout c={c} title="Compare two events" section="events">
        <Heading title="Compare two events" />
        <Comparison left={left} right={right} now={now} />
      </Layout>,
    );
  });
}

const Comparison = ({ left, right, now }: { left: EventDetail; right: EventDetail; now: Date }) => {
  const sides = [left, right];
  if (left.payload === null || right.payload === null) {
    return (
      <Empty title="A payload is gone">
        <p>
          Retention has removed it from{" "}
          {sides
            .filter(({ payload }) => payload === null)
            .map(({ id }) => id)
            .join(" and ")}
          .
        </p>
      </Empty>
    );
  }
  const { found, more, same } = differences(left.payload as JsonValue, right.payload as JsonValue, MAX_SHOWN);
  return (
    <Panel
      title={found.length === 0 ? "Their payloads are the same" : many(found.length, "difference")}
      id="differences"
    >
      <table class="rows compare">
        <caption class="hidden">Where the payloads differ</caption>
        <thead>
          <tr>
            <th>Path</th>
            {sides.map((event) => (
              <th>
                <EventId id={event.id} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>emitted</td>
            {sides.map((event) => (
              <td>
                <Moment at={event.createdAt} now={now} />
              </td>
            ))}
          </tr>
          {found.map(({ path, ...values }) => (
            <tr class="differs">
              <td>
                <code>{path}</code>
              </td>
              {[values.left, values.right].map((value) => (
                <td>{value === undefined ? <span class="dim">not there</span> : <Json value={value} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">
        {more ? "There are more. " : ""}
        {many(same, "value")} alike.
      </p>
    </Panel>
  );
};
