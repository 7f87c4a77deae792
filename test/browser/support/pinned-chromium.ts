import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cached } from "../../support/cached.ts";

/** An unpacked Chromium, and the environment in which it starts. */
export interface PinnedChromium {
  executablePath: string;
  env: Record<string, string>;
}

/** Whether the package has a Chromium for this machine. */
export function hasPinnedChromium(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

/** The Chromium of the npm package that the lock file pins: the same on every machine, with the same fonts and libraries. */
export async function findPinnedChromium(): Promise<PinnedChromium> {
  const url = import.meta.resolve("@sparticuz/chromium");
  const { version } = JSON.parse(await readFile(new URL("../package.json", url), "utf8")) as { version: string };
  const place = await cached(`chromium-${version}`, (fresh, there) => unpack(url, fresh, there));
  return {
    executablePath: join(place, "chromium"),
    env: {
      ...(process.env as Record<string, string>),
      // NSS and expat, which a machine without a desktop does not have.
      LD_LIBRARY_PATH: join(place, "al2023", "lib"),
      FONTCONFIG_FILE: process.env.FONTCONFIG_FILE ?? join(place, "fonts.conf"),
    },
  };
}

async function unpack(url: string, fresh: string, place: string): Promise<void> {
  // The package unpacks into the system's temporary directory, and its libraries only if it believes that the machine belongs to AWS.
  await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", `await (await import(${JSON.stringify(url)})).default.executablePath()`],
    { env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" } },
  );
  await writeFile(join(fresh, "fonts.conf"), fontsOf(place));
}

/** A configuration with only the package's own fonts: the package's configuration names the directory into which it would unpack them. */
function fontsOf(place: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${place}/fonts</dir>
  <cachedir>${place}/fonts-cache</cachedir>
</fontconfig>
`;
}
