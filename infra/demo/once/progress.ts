import { Presets, SingleBar } from "cli-progress";

const LINE_MS = 1_000;

/** Shows how many dispatches are final. */
export interface Progress {
  update(final: number, total: number): void;
  stop(): void;
}

/** A bar on a terminal; elsewhere a line `delivered n/N` every second. */
export function startProgress(stream: NodeJS.WriteStream = process.stdout): Progress {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): Progress {
  const single = new SingleBar(
    { stream, format: "delivered {bar} {value}/{total} · {duration_formatted}", hideCursor: true },
    Presets.shades_classic,
  );
  single.start(0, 0);
  return {
    update: (final, total) => {
      single.setTotal(total);
      single.update(final);
    },
    stop: () => single.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): Progress {
  let text: string | undefined;
  const print = () => {
    if (text !== undefined) stream.write(`${text}\n`);
  };
  const timer = setInterval(print, LINE_MS);
  return {
    update: (final, total) => {
      text = `delivered ${final}/${total}`;
    },
    stop: () => {
      clearInterval(timer);
      print();
    },
  };
}
