const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** All ids in a text, such as one pasted from a log, an instance id or a table. */
export const idsIn = (text: string): string[] => [...new Set(text.toLowerCase().match(UUID) ?? [])];
