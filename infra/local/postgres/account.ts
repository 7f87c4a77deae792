import { execFileSync } from "node:child_process";
import { type Account, run } from "./binaries.ts";

/**
 * The user that runs Postgres. PostgreSQL refuses to run as root, so for root that is the user `postgres`, who is created if necessary. `undefined`
 * for everybody else: they run it themselves.
 */
export async function findAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = lookUp("postgres");
  if (known !== undefined) return known;
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"], undefined, 30_000);
  } catch (cause) {
    // If two start at once, the other one may have created the user.
    const made = lookUp("postgres") ?? lookUp("nobody");
    if (made !== undefined) return made;
    throw new Error(
      "PostgreSQL does not run as root, and the user `postgres` could not be created: start as an ordinary user",
      {
        cause,
      },
    );
  }
  return lookUp("postgres");
}

/** Whether the account may enter this directory, which also depends on every directory above it. */
export async function canEnter(directory: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  return await succeeds("/bin/sh", ["-c", 'cd "$0"', directory], account);
}

/** Whether the account may run this program. */
export async function canRun(program: string, account: Account | undefined): Promise<boolean> {
  return account === undefined || (await succeeds(program, ["--version"], account));
}

async function succeeds(program: string, args: string[], account: Account): Promise<boolean> {
  return await run(program, args, account, 30_000).then(
    () => true,
    () => false,
  );
}

function lookUp(name: string): Account | undefined {
  const ask = (flag: "-u" | "-g") =>
    Number(
      execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 10_000 }),
    );
  try {
    return { uid: ask("-u"), gid: ask("-g") };
  } catch {
    return undefined;
  }
}
