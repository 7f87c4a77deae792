#!/usr/bin/env node
/** `npx cf-eventhub-workflows <command>`: what operators run in their own project, which has this package as a dependency. */
import { runCommandLine } from "./command-line.ts";
import { endWithReader } from "./gone-reader.ts";

endWithReader();
await runCommandLine(process.argv.slice(2));
