import type { Context, Hono } from "hono";
import type { EventHub } from "../../schema/contract/index.ts";
import type { Role } from "../../schema/vocabulary/roles.ts";
import type { EnvOf } from "../../schema/vocabulary/settings.ts";
import type { OperatorCalls } from "./acting-as.ts";
import type { AssetName } from "./assets/index.ts";
import type { Environment } from "./environment.ts";

/** The console's settings and bindings. Its hub trusts what the console says about who acts. */
export type ConsoleBindings = EnvOf<"console", { OPERATOR: OperatorCalls; EVENTHUB: EventHub }>;

/** The variables that every page finds in its context, beside the bindings. */
export interface ConsoleVariables {
  /** Who is signed in: an e-mail address, or a service token's name. */
  actor: string;
  /** What the user may do. */
  role: Role;
  /** The hub's operator calls. Every action is recorded as the `actor`'s. */
  operator: OperatorCalls;
  environment: Environment;
  /** The URL of a file for the browser. */
  asset: (name: AssetName) => string;
}

/** The types of the console's Hono app: bindings and variables. */
export interface ConsoleEnv {
  Bindings: ConsoleBindings;
  Variables: ConsoleVariables;
}

/** The app that pages are added to. */
export type ConsoleApp = Hono<ConsoleEnv>;

/** The argument of a page's handler. */
export type ConsoleContext = Context<ConsoleEnv>;
