import { createMiddleware } from "hono/factory";
import type { ConsoleEnv } from "../env.ts";
import { hashOf } from "./hash-of.ts";
import { ASSETS, type AssetName } from "./index.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** A file never changes under its URL, which contains the hash of its content. */
const FOREVER = "public, max-age=31536000, immutable";

const names = Object.keys(ASSETS) as AssetName[];
const paths = new Map<AssetName, string>();
for (const name of names) paths.set(name, `/assets/${await hashOf(ASSETS[name])}/${name}`);
const byPath = new Map<string, AssetName>([...paths].map(([name, path]) => [path, name]));

/** Answers requests for the browser's files, and gives pages their URLs. */
export const serveAssets = createMiddleware<ConsoleEnv>(async (c, next) => {
  const name = byPath.get(c.req.path);
  if (name !== undefined && (c.req.method === "GET" || c.req.method === "HEAD")) {
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
    return c.body(ASSETS[name], 200, { "Content-Type": type, "Cache-Control": FOREVER });
  }
  c.set("asset", (wanted) => paths.get(wanted) ?? `/assets/missing/${wanted}`);
  return await next();
});
