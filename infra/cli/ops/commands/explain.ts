import { METHODS } from "../../../../workers/hub/operator/methods.ts";
import { OperatorError } from "../../../../workers/hub/operator/operator-error.ts";
import { explainText } from "../../routes/explain-text.ts";
import { payloadIn } from "../../routes/payload-file.ts";
import { print } from "../print.ts";
import type { MethodCommand, MethodWork } from "./command.ts";

/** `explain [file]`: explains the payload in a file, or that of a stored event. */
const work: MethodWork = async ({ placed: [file], options: { event } }, context, json) => {
  if ((file === undefined) === (event === undefined))
    throw new OperatorError("invalid_arguments", "explain: give a file with a payload, or --event with a stored event");
  context.routes(); // reports a missing configuration before it reads an event
  const payload = file === undefined ? (await METHODS.getEvent.run(context, String(event))).payload : payloadIn(file);
  if (payload === null)
    throw new OperatorError("not_found", `the payload of event ${event} is gone: its retention has passed`);
  print(await METHODS.explain.run(context, payload), json, explainText);
};

/** How every route of `--routing` decides about a payload. */
export const EXPLAIN: MethodCommand = {
  options: (command) => command.option("--event <id>", "of a stored event, in place of a file"),
  work,
  examples: ["order.json --routing routing.json", "--event ID --routing routing.json"],
};
