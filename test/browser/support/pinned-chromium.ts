import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A Chromium that was unpacked, and the environment that it starts with. */
export interface PinnedChromium {
  executablePath: string;
  env: Record<string, string>;
}

const PACKAGE = "@sparticuz/chromium";

/** Whether the package has a Chromium for this machine. */
export function hasPinnedChromium(): boolean {
  return process.platform === "linux" && process.arch === "x64";
}

/**
 * The Chromium of the npm package that the lock file pins: the same, with the same fonts and libraries, on every machine. It is unpacked once
 * per user and version, into the user's cache directory.
 */
export async function findPinnedChromium(): Promise<PinnedChromium> {
  const manifest = await readFile(new URL("../package.json", import.meta.resolve(PACKAGE)), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cf-eventhub");
  const place = join(cache, `chromium-${version}`);
  if (!existsSync(place)) await unpack(cache, place);
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

/** Unpacks beside the place and renames, so that neither a second process nor one that is killed leaves half of it there. */
async function unpack(cache: string, place: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(`${place}-`);
  try {
    // The package unpacks into the system's temporary directory; its libraries only where it takes the machine for one of AWS.
    await promisify(execFile)(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `await (await import("${import.meta.resolve(PACKAGE)}")).default.executablePath()`,
      ],
      { env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" } },
    );
    await writeFile(join(fresh, "fonts.conf"), fontsOf(place));
    await rename(fresh, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error; // else another process was quicker
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
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
