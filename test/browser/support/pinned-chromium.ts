import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cached } from "../../support/cache.ts";

/** A Chromium that was unpacked, and the environment that it starts with. */
export interface PinnedChromium {
  executablePath: string;
  env: Record<string, string>;
}

/** Whether the package has a Chromium for this machine. */
export function hasPinnedChromium(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

/** The Chromium of the npm package that the lock file pins: the same, with the same fonts and libraries, on every machine. */
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
  // The package unpacks into the system's temporary directory; its libraries only where it takes the machine for one of AWS.
  await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", `await (await import(${JSON.stringify(url)})).default.executablePath()`],
    { env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" } },
  );
  await writeFile(join(fresh, "fonts.conf"), fontsOf(place));
}

/** The package's own fonts and no others: its own configuration names the place where it would unpack them. */
function fontsOf(place: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${place}/fonts</dir>
  <cachedir>${place}/fonts-cache</cachedir>
</fontconfig>
`;
}
