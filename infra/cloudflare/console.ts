import { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication.js";
import { ZeroTrustAccessPolicy } from "@pulumi/cloudflare/zeroTrustAccessPolicy.js";
import { type Input, interpolate, type Output, output, type Resource } from "@pulumi/pulumi";
import { addressOf, hostOf } from "./address.ts";
import { plainText } from "./bindings.ts";
import type { ConsoleArgs } from "./console-arguments.ts";
import { type Binding, deployWorker } from "./deploy-worker.ts";
import { readScript } from "./read-script.ts";

/** The options for deploying the console. */
export interface ConsoleOptions extends ConsoleArgs {
  accountId: Input<string>;
  /** Its Worker's name in the account. */
  name: Input<string>;
  /** The hub's Worker, once it is deployed. */
  hub: Input<string>;
  tags: readonly string[];
  parent: Resource;
}

/** How long a sign-in lasts before Access asks again. */
const SESSION = "24h";

/** Deploys the console, with an Access application if people are named. Returns its address. */
export function deployConsole(resource: string, options: ConsoleOptions): Output<string> {
  const { accountId, name, domain, access, tags, parent } = options;
  const application: ZeroTrustAccessApplication[] = [];
  const deployed = deployWorker(resource, {
    accountId,
    name,
    modules: readScript("console"),
    bindings: (worker) => {
      const host = domain ?? hostOf(worker);
      if (access.audience !== undefined) return consoleBindings(options, access.audience);
      const made = protect(resource, host, access.allow, options);
      application.push(made);
      return consoleBindings(options, made.aud);
    },
    tags,
    // One address only, since the Access application would not protect another.
    public: domain === undefined,
    parent,
  });
  // The application comes first, so that the address is never unprotected.
  return addressOf(resource, deployed, { ...options, after: application });
}

/** The console's bindings: those of `ConsoleBindings`, without those of the local stack. */
function consoleBindings(options: ConsoleOptions, audience: Input<string>): Binding[] {
  const { hub, access, environment = {} } = options;
  const { name, color, production, confirmAbove } = environment;
  return [
    { type: "service", name: "OPERATOR", service: hub, entrypoint: "Operator" },
    { type: "service", name: "EVENTHUB", service: hub },
    plainText("ACCESS_TEAM", access.team),
    plainText("ACCESS_AUDIENCE", audience),
    plainText("DASHBOARD_NAME", nameOfConsole(options.name)),
    ...(access.operators === undefined ? [] : [plainText("ACCESS_OPERATORS", access.operators.join(","))]),
    ...(name === undefined ? [] : [plainText("ENVIRONMENT_NAME", name)]),
    ...(color === undefined ? [] : [plainText("ENVIRONMENT_COLOR", color)]),
    ...(production === undefined ? [] : [plainText("ENVIRONMENT_PRODUCTION", String(production))]),
    ...(confirmAbove === undefined ? [] : [plainText("CONFIRM_ABOVE", String(confirmAbove))]),
  ];
}

/** The beginning of all names of the hub, from the name of its console. */
const nameOfConsole = (name: Input<string>) => output(name).apply((known) => known.replace(/-console$/, ""));

/** An Access application for the console's address, and the policy that admits these people. */
function protect(
  resource: string,
  host: Input<string>,
  allow: readonly string[],
  { accountId, name, parent }: ConsoleOptions,
): ZeroTrustAccessApplication {
  const policy = new ZeroTrustAccessPolicy(
    resource,
    {
      accountId,
      name: interpolate`${name}: operators`,
      decision: "allow",
      includes: allow.map((entry) =>
        entry.startsWith("@") ? { emailDomain: { domain: entry.slice(1) } } : { email: { email: entry } },
      ),
    },
    { parent },
  );
  return new ZeroTrustAccessApplication(
    resource,
    {
      accountId,
      name,
      type: "self_hosted",
      destinations: [{ type: "public", uri: host }],
      policies: [{ id: policy.id, precedence: 1 }],
      sessionDuration: SESSION,
      // Scripts need not read the cookie, and requests of other sites need not carry it.
      httpOnlyCookieAttribute: true,
      sameSiteCookieAttribute: "lax",
    },
    { parent },
  );
}
