const METHODS = ["debug", "info", "warn", "error"] as const;

/** Drops the hub's log lines, of which a run has a hundred thousand. Everything else is still printed. */
export function quietly(): Disposable {
  const before = METHODS.map((method) => [method, console[method]] as const);
  for (const [method, print] of before) {
    console[method] = (...what: unknown[]) => {
      if (typeof what[0] === "string" && what[0].startsWith('{"event":')) return;
      print.apply(console, what);
    };
  }
  return {
    [Symbol.dispose]: () => {
      for (const [method, print] of before) console[method] = print;
    },
  };
}
