/** The options of `eventhub probe`. */
export interface ProbeOptions {
  /** Run on the local engine. */
  local: boolean;
  /** The name of the Workers, the Workflow and the queue. */
  name: string;
  /** The most calls of one request, step or instance. */
  calls: number;
  json: boolean;
  /** Deploy without asking. */
  yes: boolean;
}
