import { WorkersCustomDomain } from "@pulumi/cloudflare/workersCustomDomain.js";
import { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication.js";
import { ZeroTrustAccessPolicy } from "@pulumi/cloudflare/zeroTrustAccessPolicy.js";
import { type Input, interpolate, type Output, type Resource } from "@pulumi/pulumi";
import { plainText } from "./bindings.ts";
import type { ConsoleArgs } from "./console-arguments.ts";
import { type Binding, deployWorker } from "./deploy-worker.ts";
import { readScript } from "./scripts.ts";

/** What the console is deployed with. */
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

/** Deploys the console, with an Access application if people are named; gives its address. */
export function deployConsole(resource: string, options: ConsoleOptions): Output<string> {
  const { accountId, name, domain, access, tags, parent } = options;
  const application: ZeroTrustAccessApplication[] = [];
  const { worker, deployment } = deployWorker(resource, {
    accountId,
    name,
    modules: readScript("console"),
    bindings: (worker) => {
      const host = domain ?? worker.subdomain.apply(({ url }) => hostOf(url));
      if (access.audience !== undefined) return consoleBindings(options, access.audience);
      const made = protect(resource, host, access.allow, options);
      application.push(made);
      return consoleBindings(options, made.aud);
    },
    tags,
    // One address only: the other would be no Access application's.
    public: domain === undefined,
    parent,
  });
  if (domain === undefined) return worker.subdomain.apply(({ url }) => `https://${hostOf(url)}`);
  // The application first, so that the address is never there without it.
  const after = { parent, dependsOn: [deployment, ...application] };
  const { hostname } = new WorkersCustomDomain(resource, { accountId, hostname: domain, service: worker.name }, after);
  return hostname.apply((host) => `https://${host}`);
}

/** The console's bindings: those of `ConsoleBindings`, without what is the local stack's. */
function consoleBindings({ hub, access, environment = {} }: ConsoleOptions, audience: Input<string>): Binding[] {
  const { name, color } = environment;
  return [
    { type: "service", name: "OPERATOR", service: hub, entrypoint: "Operator" },
    { type: "service", name: "EVENTHUB", service: hub },
    plainText("ACCESS_TEAM", access.team),
    plainText("ACCESS_AUDIENCE", audience),
    ...(name === undefined ? [] : [plainText("ENVIRONMENT_NAME", name)]),
    ...(color === undefined ? [] : [plainText("ENVIRONMENT_COLOR", color)]),
  ];
}

/** An Access application for the console's address, and the policy that lets these people in. */
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
      // Scripts need not read it, and other sites' requests need not carry it.
      httpOnlyCookieAttribute: true,
      sameSiteCookieAttribute: "lax",
    },
    { parent },
  );
}

const hostOf = (url: string) => url.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
