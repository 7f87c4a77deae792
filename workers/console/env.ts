import type { Context, Hono } from "hono";
import type { EventHub } from "../../schema/contract/index.ts";
import type { EnvOf } from "../../schema/vocabulary/settings.ts";
import type { AssetName } from "./assets/index.ts";
import type { Environment } from "./environment.ts";
import type { OperatorCalls } from "./operator.ts";

/** The console's settings and bindings. Its hub believes what it says of who acts. */
export type ConsoleBindings = EnvOf<"console", { OPERATOR: OperatorCalls; EVENTHUB: EventHub }>;

/** What every page finds in its context, beside the bindings. */
export interface ConsoleVariables {
  /** Who is signed in: the address of e-mail, or a service token's name. */
  actor: string;
  /** The hub's operator calls; whatever is changed, is changed by `actor`. */
  operator: OperatorCalls;
  environment: Environment;
  /** The address of a file for the browser. */
  asset: (name: AssetName) => string;
}

/** The console's kind of Hono: bindings and variables. */
export interface ConsoleEnv {
  Bindings: ConsoleBindings;
  Variables: ConsoleVariables;
}

/** What pages are added to. */
export type ConsoleApp = Hono<ConsoleEnv>;

/** What a page's handler gets. */
export type ConsoleContext = Context<ConsoleEnv>;
