import { type FileHandle, open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 100;
const CHUNK_BYTES = 64 * 1024;

/**
 * Calls `onLine` with each line that is appended to a file from now on, and `onQuiet` when nothing more has come for a moment. The writer has no pipe
 * to this process, so killing this process does not harm it.
 *
 * @returns A function to call at the end: it still reports what the file has by then.
 */
export function followFile(path: string, onLine: (line: string) => void, onQuiet: () => void): () => Promise<void> {
  const stopping = new AbortController();
  const done = follow(path, onLine, onQuiet, stopping.signal);
  return async () => {
    stopping.abort();
    await done;
  };
}

async function follow(path: string, onLine: (line: string) => void, onQuiet: () => void, stop: AbortSignal) {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return;
  const decoder = new StringDecoder("utf8");
  let rest = "";
  try {
    for (let last = false; !last; ) {
      last = stop.aborted;
      for await (const chunk of chunksOf(file)) {
        const lines = (rest + decoder.write(chunk)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) onLine(line);
      }
      onQuiet();
      await sleep(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}

/** The new contents, from where the last reading ended. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return;
    yield Buffer.from(buffer.subarray(0, bytesRead));
  }
}
