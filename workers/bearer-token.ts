/** Whether a request shows this token, as `Authorization: Bearer <token>`. The time of the comparison does not reveal where the two differ. */
export async function hasBearerToken(request: Request, token: string): Promise<boolean> {
  const [scheme, shown] = request.headers.get("Authorization")?.split(" ") ?? [];
  return scheme?.toLowerCase() === "bearer" && (await isSame(shown ?? "", token));
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map((text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
  return a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b);
}
