/**
 * Members by which the library tells its own objects from data: functions, tuples, a list as the whole input. It believes them of a payload, too,
 * and then loses parts of it or takes them for something else.
 */
const MARKS = /_jsonata_(?:lambda|function)|tupleStream|outerWrapper/;

/** Put after each mark while an expression runs: it is no character, and what follows a mark already is kept. */
const VEIL = "\uffff";

const EACH_MARK = new RegExp(`(${MARKS.source})`, "g");
const EACH_VEILED = new RegExp(`(${MARKS.source})${VEIL}`, "g");

const hasMarks = (text: string): boolean => MARKS.test(text);

/** A payload's JSON, or a name or text of an expression, under names that mean nothing to the library. */
export const veil = (text: string): string => (hasMarks(text) ? text.replace(EACH_MARK, `$1${VEIL}`) : text);

/** The same text as it was. */
export const unveil = (text: string): string => (hasMarks(text) ? text.replace(EACH_VEILED, "$1") : text);
