import { expect, test } from "vitest";
import { movedTo } from "../../../infra/local/workers/move-configuration.ts";
import type { WranglerConfig, WranglerFile } from "../../../infra/project/wrangler-file.ts";

const file = (config: WranglerConfig): WranglerFile => ({
  path: "/shop/workers/api/wrangler.jsonc",
  format: "json",
  text: "",
  config,
  name: "api",
  main: config.main === undefined ? undefined : "/shop/workers/api/index.ts",
  place: () => "",
});
const moved = (config: WranglerConfig) => movedTo("/shop/.eventhub/workers/api", file(config));

test("paths in a copied configuration still lead to the same files", () => {
  expect(
    moved({
      name: "api",
      main: "index.ts",
      tsconfig: "../../tsconfig.json",
      assets: { directory: "./public", binding: "ASSETS" },
      alias: { "./a.json": "./b.json", lodash: "es-toolkit" },
      wasm_modules: { RESIZE: "resize.wasm" },
      vars: { DIRECTORY: "./not-a-path" },
    }),
  ).toEqual({
    name: "api",
    main: "/shop/workers/api/index.ts",
    tsconfig: "../../../tsconfig.json",
    assets: { directory: "../../../workers/api/public", binding: "ASSETS" },
    alias: { "./a.json": "../../../workers/api/b.json", lodash: "es-toolkit" },
    wasm_modules: { RESIZE: "../../../workers/api/resize.wasm" },
    vars: { DIRECTORY: "./not-a-path" },
  });
});

test("a build still runs in its configuration's folder, and watches the same files", () => {
  expect(moved({ build: { command: "npm run build", watch_dir: "." } })).toEqual({
    name: "api",
    build: { command: "npm run build", cwd: "/shop/workers/api", watch_dir: ["../../../workers/api"] },
  });
});

test("a copied configuration has no routes, crons, environments or ports", () => {
  expect(
    moved({
      $schema: "../../node_modules/wrangler/config-schema.json",
      routes: ["api.example.com/*"],
      triggers: { crons: ["* * * * *"] },
      env: { staging: {} },
      dev: { port: 8799 },
      compatibility_date: "2026-06-01",
    }),
  ).toEqual({ name: "api", dev: {}, compatibility_date: "2026-06-01" });
});
