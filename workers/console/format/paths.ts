import type { Context } from "hono";

/** The page of a destination. */
export const destinationPath = (name: string): string => `/destinations/${encodeURIComponent(name)}`;

/** The page of a route, by its name or by its place such as `routes[3]`. */
export const routePath = (name: string): string => `/routes/${encodeURIComponent(name)}`;

/** The URL of the request, to request it again. */
export function pathOf(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname}${search}`;
}
