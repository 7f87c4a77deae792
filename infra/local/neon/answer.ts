import { DatabaseError, type QueryArrayResult, type QueryResult } from "pg";
import { MAX_NEON_BYTES } from "../../../schema/vocabulary/platform-limits.ts";
import { BadRequest, type NeonRequest } from "./request.ts";

/** The HTTP answer. */
export interface NeonAnswer {
  status: number;
  /** JSON. */
  body: string;
  headers?: Record<string, string>;
}

/** The answer to statements that ran; 507 if it would be larger than Neon allows. */
export function resultAnswer(request: NeonRequest, results: (QueryResult | QueryArrayResult)[]): NeonAnswer {
  const shaped = results.map((result, i) => ({
    rowAsArray: request.queries[i]?.arrayMode ?? true,
    fields: result.fields.map(({ name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier }) => ({
      name,
      dataTypeID,
      tableID,
      columnID,
      dataTypeSize,
      dataTypeModifier,
      format: "text",
    })),
    rows: result.rows,
    command: result.command ?? "",
    rowCount: result.rowCount,
  }));
  const body = JSON.stringify(request.batch ? { results: shaped } : shaped[0]);
  if (Buffer.byteLength(body) > MAX_NEON_BYTES)
    return plainError(507, `response is too large (max is ${MAX_NEON_BYTES} bytes)`);
  return { status: 200, body };
}

/**
 * The answer to a failure, as Neon gives it: 400 for an error of Postgres (with its SQLSTATE) and for a malformed request, 400 with an empty code for
 * a connection that was lost under a statement, 500 if there was no connection from the start.
 */
export function errorAnswer(error: unknown, stage: "request" | "connect" | "run"): NeonAnswer {
  if (error instanceof DatabaseError) {
    return {
      status: 400,
      body: JSON.stringify({
        message: error.message,
        code: error.code ?? "",
        detail: error.detail ?? null,
        hint: error.hint ?? null,
        position: error.position ?? null,
        internalPosition: error.internalPosition ?? null,
        internalQuery: error.internalQuery ?? null,
        severity: error.severity ?? null,
        where: error.where ?? null,
        table: error.table ?? null,
        column: error.column ?? null,
        schema: error.schema ?? null,
        dataType: error.dataType ?? null,
        constraint: error.constraint ?? null,
        file: error.file ?? null,
        line: error.line ?? null,
        routine: error.routine ?? null,
      }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return plainError(error instanceof BadRequest || stage === "run" ? 400 : 500, message);
}

/** An error that does not come from Postgres. */
export function plainError(status: number, message: string): NeonAnswer {
  return { status, body: JSON.stringify({ message, code: "" }) };
}
