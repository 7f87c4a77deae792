/** Values that RPC can carry, but JSON cannot; each is made when it is needed. */
export const ODD_PAYLOADS: Record<string, () => unknown> = {
  date: () => ({ at: new Date(0) }),
  map: () => ({ map: new Map([["a", 1]]) }),
  bigint: () => ({ n: 1n }),
  nan: () => ({ n: Number.NaN }),
  infinity: () => ({ list: [1, Number.POSITIVE_INFINITY] }),
  "undefined in an array": () => ({ list: [1, undefined] }),
  "undefined as a member": () => ({ a: 1, b: undefined, to: "nobody" }),
  function: () => ({ f: () => 1 }),
  cycle: () => {
    const payload: Record<string, unknown> = {};
    payload.self = payload;
    return payload;
  },
  nul: () => ({ text: "a\0b" }),
  surrogate: () => ({ text: "\ud800" }),
};
