import { Hub, Operator } from "../../workers/hub/index.ts";

const methodsOf = ({ prototype }: { prototype: object }) =>
  Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");

/** Answers the names of all methods of the hub's classes, whether they are meant for RPC or not: the classes load only in workerd. */
export default {
  fetch: () => Response.json({ hub: methodsOf(Hub), operator: methodsOf(Operator) }),
};
