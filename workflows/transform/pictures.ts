import { isRecord } from "../../schema/config/faults.ts";
import { MAX_PICTURE_LENGTH } from "../../schema/vocabulary/limits.ts";
import { TransformFault } from "./fault.ts";

/** The longest text that `$toMillis` reads with a picture, and the most parts of that picture: it becomes a regular expression. Ours. */
const MAX_DATE_LENGTH = 64;
const MAX_DATE_PARTS = 12;

function checkLength(picture: unknown): string {
  const text = picture === undefined ? "" : String(picture);
  if (text.length > MAX_PICTURE_LENGTH) {
    throw new TransformFault(`has a picture of more than ${MAX_PICTURE_LENGTH} characters`);
  }
  return text;
}

/** Checks a picture of `$formatNumber` or `$formatInteger`, with the characters that it may redefine. */
export function checkNumberPicture(picture: unknown, options?: unknown): void {
  checkLength(picture);
  if (!isRecord(options)) return;
  for (const [key, value] of Object.entries(options)) {
    // The library would find an empty separator again and again, for ever.
    if (typeof value === "string" && value.length >= 1 && value.length <= 10) continue;
    throw new TransformFault(
      `has an option of $formatNumber that is not a text of 1 to 10 characters: ${key.slice(0, 40)}`,
    );
  }
}

/** Checks a picture of `$fromMillis`: a width in it is a number of characters to make. */
export function checkDatePicture(picture: unknown): void {
  if (/,[^\]]*\d{3}/.test(checkLength(picture))) throw new TransformFault("has a picture with a width of more than 99");
}

/**
 * Checks the arguments of `$toMillis`. The library makes a regular expression from the picture, which must match in linear time. So two parts need a
 * sign between them, unless they are digits of a fixed number. A time without a zone is UTC, as in a Worker.
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
    // Excludes fractions: the library reads fractions of any length.
    return /^[YMDdHhms]\d+$/.test(names[index] ?? "") || /^[Zz]/.test(names[index + 1] ?? "");
  });
  const words = names.some((name) => /^.[wW]/.test(name));
  if (text.length > MAX_DATE_LENGTH || names.length > MAX_DATE_PARTS || !apart || words) {
    throw new TransformFault(
      `reads a time by a picture that is not simple: use at most ${MAX_DATE_PARTS} parts of digits or names, with a sign between two of them, and texts of ${MAX_DATE_LENGTH} characters`,
    );
  }
}
