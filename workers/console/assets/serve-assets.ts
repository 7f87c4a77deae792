import { createMiddleware } from "hono/factory";
import type { ConsoleEnv } from "../env.ts";
import { ASSETS, type AssetName } from "./index.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** A file never changes under its address, which has its content's hash. */
const FOREVER = "public, max-age=31536000, immutable";

const names = Object.keys(ASSETS) as AssetName[];
const paths = new Map<AssetName, string>();
for (const name of names) paths.set(name, `/assets/${await hashOf(ASSETS[name])}/${name}`);
const byPath = new Map<string, AssetName>([...paths].map(([name, path]) => [path, name]));

/** Answers requests for the browser's files, and tells pages their addresses. */
export const serveAssets = createMiddleware<ConsoleEnv>(async (c, next) => {
  const name = byPath.get(c.req.path);
  if (name !== undefined && (c.req.method === "GET" || c.req.method === "HEAD")) {
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
    return c.body(ASSETS[name], 200, { "Content-Type": type, "Cache-Control": FOREVER });
  }
  c.set("asset", (wanted) => paths.get(wanted) ?? `/assets/missing/${wanted}`);
  return await next();
});

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
