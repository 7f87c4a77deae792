import type { Arrived, Asked, CallEnd, CallStart, Decision, Place } from "./wire.ts";

/** The address of the campaign. */
export interface CampaignEnv {
  CAMPAIGN_URL: string;
}

/** Asks whether something should go wrong here. Nothing does if the campaign does not answer. */
export async function decide(env: CampaignEnv, place: Place): Promise<Decision> {
  try {
    const response = await fetch(`${env.CAMPAIGN_URL}/decide`, { method: "POST", body: JSON.stringify({ place }) });
    return (await response.json()) as Decision;
  } catch {
    return { fault: null, ms: 0 };
  }
}

/** Reports to the campaign, and repeats this until the campaign has answered: something that is not in its log has not happened. */
export async function tell(
  env: CampaignEnv,
  path: "/call/start" | "/call/end" | "/arrival" | "/instances",
  body: CallStart | CallEnd | Arrived | Asked,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(env.CAMPAIGN_URL + path, { method: "POST", body: JSON.stringify(body) });
      await response.body?.cancel();
      if (response.ok) return;
    } catch (error) {
      if (tries >= 20) throw error;
    }
    await wait(50);
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
