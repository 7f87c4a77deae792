import { shorten } from "../text-width.ts";

/** A line that shows progress. It disappears when it is disposed of. */
export interface Progress extends Disposable {
  update(text: string): void;
}

/** Shows progress on a terminal, and nothing elsewhere. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  const write = (text: string) => {
    // Goes to the beginning of the line, and clears it.
    if (stream.isTTY === true) stream.write(`\r\u001b[K${text}`);
  };
  let shown = false;
  return {
    update: (text) => {
      shown = true;
      write(shorten(text, (stream.columns ?? 80) - 1));
    },
    [Symbol.dispose]: () => {
      if (shown) write("");
    },
  };
}
