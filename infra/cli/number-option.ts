/** Checks of options that are numbers, for commands and scripts alike. */
import { WrongCall } from "./exit.ts";

/** @throws {WrongCall} for text that is no number in this range. */
export function numberOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= min && value <= max) return value;
  throw new WrongCall(`--${name} must be a number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}

/** @throws {WrongCall} for text that is no integer in this range. */
export function integerOption(name: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new WrongCall(`--${name} must be an integer from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
