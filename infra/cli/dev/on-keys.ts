import { emitKeypressEvents, type Key } from "node:readline";

/** The actions of keys, by the key's name: `e`, or `ctrl-c`. */
export type Keys = Readonly<Record<string, () => void>>;

/**
 * Runs the action of a key when it is pressed.
 *
 * @returns A function that ends this; `undefined` if there is no terminal.
 */
export function onKeys(keys: Keys, input: NodeJS.ReadStream = process.stdin): (() => void) | undefined {
  if (!input.isTTY || !process.stdout.isTTY) return undefined;
  emitKeypressEvents(input);
  // Keys work at once, without Enter. Ctrl-C is then a key, too.
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
