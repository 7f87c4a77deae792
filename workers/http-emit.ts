import { type EmitErrorCode, type EventHub, type EventPayload, emitErrorCode } from "../schema/contract/index.ts";

const STATUS: Readonly<Record<EmitErrorCode, number>> = {
  invalid_payload: 400,
  invalid_event: 400,
  invalid_options: 400,
  too_large: 400,
  loop: 400,
  misconfigured: 500,
  unavailable: 503,
};

/** Emits the JSON body of a request: one event, or an array of them. The header `Idempotency-Key` is passed on. */
export async function emit(request: Request, hub: EventHub): Promise<Response> {
  let payload: EventPayload | EventPayload[];
  try {
    payload = await request.json();
  } catch (error) {
    return refuse(400, `[invalid_payload] the body is not JSON: ${messageOf(error)}`);
  }
  const idempotencyKey = request.headers.get("Idempotency-Key");
  try {
    // The hub itself checks the content of the JSON.
    return Response.json(await hub.emit(payload, idempotencyKey === null ? {} : { idempotencyKey }));
  } catch (error) {
    const code = emitErrorCode(error);
    return refuse(code === undefined ? 500 : STATUS[code], messageOf(error));
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
