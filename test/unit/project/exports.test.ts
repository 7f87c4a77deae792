import { expect, test } from "vitest";
import { exportsOf } from "../../../infra/project/exports.ts";

const cases: [source: string, names: string[]][] = [
  ["export default class extends Hub {}\nexport class Operator extends O {}", ["Operator", "default"]],
  ["export default { fetch() {} } satisfies ExportedHandler<Env>;", ["default"]],
  ["class A {}\nexport { A, B as C, type T, d as default };", ["A", "C", "default"]],
  ['export { Dispatch } from "./dispatch";\nexport * as all from "./all";', ["Dispatch", "all"]],
  [
    "export abstract class A {}\nexport async function f() {}\nexport const c = 1;\nexport function* g() {}",
    ["A", "c", "f", "g"],
  ],
  ['// export class A {}\n/* export class B {} */\nconst t = `export class C {}` + "export class D {}";', []],
  ["export type A = string;\nexport interface B {}\nexport type { C } from './c';", []],
  ["export{a as default,b};", ["b", "default"]],
];

test.each(cases)("%j exports %j", (source, names) => {
  expect([...exportsOf(source).names].sort()).toEqual([...names].sort());
  expect(exportsOf(source).open).toBe(false);
});

test("the exports of a re-exported module are unknown", () => {
  expect(exportsOf('export * from "./all";')).toEqual({ names: new Set(), open: true });
});
