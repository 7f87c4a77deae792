import { buildWorkers } from "../../infra/build/build-workers.ts";

/** Builds the scripts of the deployable Workers, which the unit tests of the Pulumi component and of the scripts' sizes read. */
export default buildWorkers;
