import { createRequire } from "node:module";
import type { RouteInput } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { randomizer, repository } from "./rules.ts";

interface Example {
  readonly examples: readonly EventPayload[];
}

/** Real GitHub payloads, each as if it came from one of this many repositories: the originals all come from the same one. */
export function githubEvents(repositories: number): EventPayload[] {
  const kinds: readonly Example[] = createRequire(import.meta.url)("@octokit/webhooks-examples");
  const random = randomizer(5);
  return kinds
    .flatMap(({ examples }) => examples)
    .map((payload) => {
      const number = random(repositories);
      const inRepository = {
        repository: { ...Object(payload.repository), id: 1_000_000 + number, full_name: repository(number) },
      };
      return {
        ...payload,
        ...inRepository,
        sender: { ...Object(payload.sender), login: `user-${random(repositories)}` },
      };
    });
}

const STREETS = [
  "JEFFERSON",
  "TAYLOR",
  "BEACH",
  "MASON",
  "POWELL",
  "HYDE",
  "LEAVENWORTH",
  "BAY",
  "CHESTNUT",
  "LOMBARD",
  "GREENWICH",
  "UNION",
];

/** Events of about 900 bytes, in the form of the San Francisco city lots with which event-ruler is measured. */
export function lotEvents(count = 1_000): EventPayload[] {
  const random = randomizer(7);
  return Array.from({ length: count }, (_, index) => {
    const block = String(random(10_000)).padStart(4, "0");
    const lot = String(random(1_000)).padStart(3, "0");
    const ring = Array.from({ length: 14 }, () => [-122.42 - random(1e9) / 1e11, 37.8 + random(1e9) / 1e11, 0]);
    return {
      type: "Feature",
      properties: {
        MAPBLKLOT: block + lot,
        BLKLOT: `${block}${lot}`,
        BLOCK_NUM: block,
        LOT_NUM: lot,
        FROM_ST: String(random(5_000)),
        TO_ST: String(random(5_000)),
        STREET: STREETS[index % STREETS.length] ?? "",
        ST_TYPE: "ST",
        ODD_EVEN: index % 2 === 0 ? "E" : "O",
        NEIGHBORHOOD: "FISHERMANS WHARF",
        SUPERVISOR_DISTRICT: random(11) + 1,
        ZONING: ["RH-1", "RH-2", "C-2"][index % 3] ?? "",
        RECORDED: "2026-11-20T08:00:00Z",
      },
      geometry: { type: "Polygon", coordinates: [ring] },
    };
  });
}

/** Exact matches on a block and a lot, like the EXACT_MATCH rules of event-ruler. */
export function lotRules(count: number): RouteInput[] {
  const random = randomizer(23);
  return Array.from({ length: count }, () => ({
    destination: "CONSUMER",
    condition: {
      allOf: [
        { path: "$.properties.BLOCK_NUM", exact: String(random(10_000)).padStart(4, "0") },
        { path: "$.properties.ODD_EVEN", exact: random(2) === 0 ? "E" : "O" },
      ],
    },
  }));
}
