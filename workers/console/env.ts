import type { Context, Hono } from "hono";
import type { EventHub } from "../../schema/contract/index.ts";
import type { AssetName } from "./assets/index.ts";
import type { Environment } from "./environment.ts";
import type { OperatorCalls } from "./operator.ts";

/** The console's bindings. */
export interface ConsoleBindings {
  /** The hub's entrypoint for operators. It believes what the console says of who acts. */
  OPERATOR: OperatorCalls;
  /** The hub itself: for creating events. */
  EVENTHUB?: EventHub;
  /** The Cloudflare Access team: `acme` of acme.cloudflareaccess.com. */
  ACCESS_TEAM?: string;
  /** The Access application's audience (AUD) tag. */
  ACCESS_AUDIENCE?: string;
  /** Who acts in the local stack, where nobody signs in: lets in whoever comes over a loopback name. Excludes the two above. */
  LOCAL_ACTOR?: string;
  /** Such as `production`; shown on every page. */
  ENVIRONMENT_NAME?: string;
  /** Of the mark beside the name: a CSS colour as `#c00`, `#cc0000` or a name such as `crimson`. */
  ENVIRONMENT_COLOR?: string;
}

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
