/** The methods of the operators' RPC, for people in a terminal: `npm run ops -- <command>`. `help` lists the commands. */
import { runProgram } from "./commander.ts";
import { endWithReader } from "./gone-reader.ts";
import { createProgram } from "./ops/program.ts";

endWithReader();
await runProgram(createProgram(process.env).name("npm run ops --"), process.argv.slice(2));
