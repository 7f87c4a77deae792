/**
 * Members with which the library marks its own objects: functions, tuples, a list as the whole input. It also believes them in a payload, and then
 * loses parts of it or misreads them.
 */
const MARKS = /_jsonata_(?:lambda|function)|tupleStream|outerWrapper/;

/** Appended to each mark while an expression runs. It is not a character, and whatever already follows a mark is kept. */
const VEIL = "\uffff";

const EACH_MARK = new RegExp(`(${MARKS.source})`, "g");
const EACH_VEILED = new RegExp(`(${MARKS.source})${VEIL}`, "g");

const hasMarks = (text: string): boolean => MARKS.test(text);

/** Changes the marks in a payload's JSON, or in a name or text of an expression, so that they mean nothing to the library. */
export const veil = (text: string): string => (hasMarks(text) ? text.replace(EACH_MARK, `$1${VEIL}`) : text);

/** Restores the original text. */
export const unveil = (text: string): string => (hasMarks(text) ? text.replace(EACH_VEILED, "$1") : text);
