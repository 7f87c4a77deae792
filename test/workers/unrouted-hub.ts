import { Hub, Operator as HubOperator } from "../../workers/hub/index.ts";

/** A hub that was deployed without its routes. */
export default class extends Hub {}

export class Operator extends HubOperator {}
