import { Hub, Operator } from "../../workers/hub/index.ts";

const methodsOf = ({ prototype }: { prototype: object }) =>
  Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");

/** Answers the names of all methods that the hub's classes have, called over RPC or not: they load in workerd alone. */
export default {
  fetch: () => Response.json({ hub: methodsOf(Hub), operator: methodsOf(Operator) }),
};
