import { isRecord } from "../../schema/config/faults.ts";
import { MAX_PICTURE_LENGTH } from "../../schema/vocabulary/limits.ts";
import { TransformFault } from "./fault.ts";

/** Longest text that `$toMillis` reads by a picture, and the most parts of that picture: it becomes a regular expression. Ours. */
const MAX_DATE_LENGTH = 64;
const MAX_DATE_PARTS = 12;

function checkLength(picture: unknown): string {
  const text = picture === undefined ? "" : String(picture);
  if (text.length > MAX_PICTURE_LENGTH) {
    throw new TransformFault(`has a picture of more than ${MAX_PICTURE_LENGTH} characters`);
  }
  return text;
}

/** A picture of `$formatNumber` or `$formatInteger`, with the characters that it may redefine. */
export function checkNumberPicture(picture: unknown, options?: unknown): void {
  checkLength(picture);
  if (!isRecord(options)) return;
  for (const [key, value] of Object.entries(options)) {
    // An empty separator is found again and again, for ever.
    if (typeof value === "string" && value.length >= 1 && value.length <= 10) continue;
    throw new TransformFault(
      `has an option of $formatNumber that is no text of 1 to 10 characters: ${key.slice(0, 40)}`,
    );
  }
}

/** A picture of `$fromMillis`: a width in it is a number of characters to make. */
export function checkDatePicture(picture: unknown): void {
  if (/,[^\]]*\d{3}/.test(checkLength(picture))) throw new TransformFault("has a picture with a width of more than 99");
}

/**
 * The arguments of `$toMillis`: what it makes of a picture must match in linear time, so that two parts that are not digits of a fixed number need
 * a sign between them. A time without a zone is UTC, as it is in a Worker.
 */
export function checkParsedDate(args: unknown[]): void {
  const [text, picture] = args;
  if (typeof text !== "string") return;
  if (picture === undefined) {
    if (/T[\d:.]+$/.test(text)) args[0] = `${text}Z`;
    return;
  }
  checkDatePicture(picture);
  const marks = String(picture).split(/\[[^\]]*\]/);
  const names = [...String(picture).matchAll(/\[([^\]]*)\]/g)].map(([, name = ""]) => name.replace(/\s/g, ""));
  const apart = marks.slice(1, -1).every((mark, index) => {
    if (mark !== "") return !/[\p{L}\p{N}]/u.test(mark) || mark === "T";
    // Not a fraction: the library reads one of any length.
    return /^[YMDdHhms]\d+$/.test(names[index] ?? "") || /^[Zz]/.test(names[index + 1] ?? "");
  });
  const words = names.some((name) => /^.[wW]/.test(name));
  if (text.length > MAX_DATE_LENGTH || names.length > MAX_DATE_PARTS || !apart || words) {
    throw new TransformFault(
      `reads a time by a picture that is not simple: at most ${MAX_DATE_PARTS} parts of digits or names, with a sign between two of them, and texts of ${MAX_DATE_LENGTH} characters`,
    );
  }
}
