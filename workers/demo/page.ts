import { sql } from "drizzle-orm";
import { openDatabase } from "../../schema/database.ts";
import type { DemoEnv } from "./env.ts";

interface Count {
  destination: string;
  status: string;
  dispatches: number;
}

/** The counts by destination and status, as a page that refreshes itself. */
export async function page(_request: Request, env: DemoEnv): Promise<Response> {
  const database = openDatabase({ url: env.DATABASE_URL, endpoint: env.DATABASE_ENDPOINT });
  const counts = await database.run(
    sql<Count>`select destination, status, count(*)::int as dispatches from eventhub.dispatches group by 1, 2 order by 1, 2`,
  );
  return new Response(render(counts), {
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  });
}

function render(counts: Count[]): string {
  const rows = counts.map(
    ({ destination, status, dispatches }) =>
      `<tr><td>${escapeHtml(destination)}</td><td>${escapeHtml(status)}</td><td class="n">${dispatches}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2">
<title>cf-eventhub</title>
<style>
  :root { color-scheme: light dark }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8884 }
  .n { text-align: right; font-variant-numeric: tabular-nums }
  code { font-size: .9em }
</style>
<h1>cf-eventhub</h1>
<table>
<thead><tr><th>Destination</th><th>Status</th><th class="n">Dispatches</th></tr></thead>
<tbody>${rows.join("") || '<tr><td colspan="3">Nothing yet: <code>POST /emit</code> a JSON object.</td></tr>'}</tbody>
</table>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
