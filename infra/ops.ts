/** `npm run ops -- <command>`: what the RPC does for operators, for people in a terminal. `npm run ops -- help` lists the commands. */
import { DatabaseError } from "../schema/database.ts";
import { createProgram } from "./ops/program.ts";

try {
  await createProgram(process.env).parseAsync();
} catch (error) {
  console.error(
    error instanceof DatabaseError ? `[unavailable] ${error.message}` : error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
}
