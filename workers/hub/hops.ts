/** Hubs an event may pass; one that has passed so many goes round in a circle. */
export const MAX_HOPS = 8;
