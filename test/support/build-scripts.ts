import { buildWorkers } from "../../infra/build/build-workers.ts";

/** Builds the scripts of the deployable Workers, for the unit tests of the Pulumi component and of the scripts' sizes. */
export default buildWorkers;
