import fc from "fast-check";

/** Every spelling of a segment with one name; `.name` only if the name allows it. */
export function nameSpellings(name: string): string[] {
  const escaped = [...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const quoted = [
    `["${name}"]`,
    `['${name}']`,
    `[ '${name}' ]`,
    `["${escaped}"]`,
    `['${escaped.toUpperCase().replaceAll("\\U", "\\u")}']`,
  ];
  return /^[a-zé_]/.test(name) && !name.includes(" ") ? [`.${name}`, ...quoted] : quoted;
}

const NAMES = ["a", "b", "c", "d", "__proto__", "length", "0", "c d", "é"].map(nameSpellings);

/** Segments that are not a single name, each with spellings of the same meaning. */
const OTHERS = [
  ["[*]", ".*", "[ * ]"],
  ["[0]", "[ 0 ]"],
  ["[1]", "[\t1\n]"],
  ["[-1]", "[ -1 ]"],
  ["[:]", "[::]", "[0:]", "[0::1]"],
  ["[:0]", "[0:0]", "[:0:1]"],
  ["[:2]", "[0:2]", "[0 : 2 : 1]"],
  ["[::-1]", "[: :-1]"],
  ['["a","b"]', "['a','b']", `[ "a" , 'b' ]`],
  ["[?@.b]", "[?(@.b)]", "[? @['b']]", '[?@["b"]]'],
  ["[?@ > 1]", "[?@>1.0]", "[?(@ > 1e0)]"],
  ["[?@ == -0]", "[?@==0]", "[?(@==-0.0)]", "[?@ == 0.0]", "[?(@ == 0e1)]"],
  ['[?@.b == "a"]', "[?@['b']=='a']", '[?(@.b=="\\u0061")]'],
  ['[?search(@, "b")]', "[?search(@,'b')]", "[?(search(@, 'b'))]"],
  ["[?!@.a && @.b]", "[?(!@['a'] && @['b'])]", "[?(!@.a)&&(@.b)]"],
  ["[?@ < 0.5]", "[?@<0.50]", "[?(@ < 5e-1)]", "[?(@<0.05E+1)]"],
  ["[?@.a == null]", "[?(@['a']==null)]"],
];

const DESCENDANTS = [
  ["..a", "..['a']", '..["a"]'],
  ["..*", "..[*]"],
  ["..[0]", "..[ 0 ]"],
];

const spelling = (...segments: readonly (readonly string[])[]) =>
  fc.tuple(...segments.map((ways) => fc.constantFrom(...ways))).map((parts) => parts.join(""));

const segment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHERS) },
);

/** Paths that share beginnings, nest in one another, and come in every spelling. */
export const spelledPath: fc.Arbitrary<string> = fc
  .tuple(fc.array(segment, { maxLength: 3 }), fc.option(fc.constantFrom(...DESCENDANTS), { freq: 12 }))
  .chain(([segments, descendant]) => spelling(["$"], ...segments, ...(descendant === null ? [] : [descendant])));

/** The spellings of all segments, to compare each with the others. */
export const SPELLINGS: readonly (readonly string[])[] = [...NAMES, ...OTHERS, ...DESCENDANTS];
