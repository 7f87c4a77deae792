const KEYS: readonly (readonly [string, string])[] = [
  ["/", "find"],
  ["j  k", "next and previous row (or ↓ ↑)"],
  ["Enter", "open the row"],
  ["g then o d e t r p", "go to overview, dispatches, events, destinations, routes, operations"],
  ["r", "refresh now"],
  ["l", "stop or start refreshing"],
  ["z", "times in your zone or in UTC"],
  ["?", "this list"],
];

/** The keyboard shortcuts, in a dialog that `?` opens. They can be switched off, because they are single letters. */
export const Help = () => (
  <dialog id="help" aria-labelledby="help-title">
    <h2 id="help-title">Keys</h2>
    <table class="plain">
      <tbody>
        {KEYS.map(([keys, what]) => (
          <tr>
            <th scope="row">
              {keys.split(" ").map((key) => (key === "" ? " " : key === "then" ? " then " : <kbd>{key}</kbd>))}
            </th>
            <td>{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <form method="dialog">
      <label class="check">
        <input type="checkbox" id="keys-on" checked /> Use these keys
      </label>
      <button type="submit" class="button">
        Close
      </button>
    </form>
  </dialog>
);
