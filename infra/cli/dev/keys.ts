import { emitKeypressEvents, type Key } from "node:readline";

/** What a key does, by its name: `e`, or `ctrl-c`. */
export type Keys = Readonly<Record<string, () => void>>;

/**
 * Calls what belongs to a key when it is pressed.
 *
 * @returns To be called when keys are to mean nothing any more; `undefined` if there is no terminal.
 */
export function onKeys(keys: Keys, input: NodeJS.ReadStream = process.stdin): (() => void) | undefined {
  if (!input.isTTY || !process.stdout.isTTY) return undefined;
  emitKeypressEvents(input);
  // Each at once, without Enter; then Ctrl-C is a key, too.
  input.setRawMode(true);
  const press = (_text: string, { name, ctrl }: Key) => {
    const key = ctrl === true ? `ctrl-${name}` : (name ?? "");
    if (Object.hasOwn(keys, key)) keys[key]?.();
  };
  input.on("keypress", press);
  input.resume();
  return () => {
    input.off("keypress", press);
    input.setRawMode(false);
    input.pause();
  };
}
