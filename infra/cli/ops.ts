/** What the RPC does for operators, for people in a terminal: `npm run ops -- <command>`, and `help` lists the commands. */
import { runProgram } from "./commander.ts";
import { endWithReader } from "./gone-reader.ts";
import { createProgram } from "./ops/program.ts";

endWithReader();
await runProgram(createProgram(process.env).name("npm run ops --"), process.argv.slice(2));
