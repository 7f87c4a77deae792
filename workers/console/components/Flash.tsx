/** What an action has done, said on the page that it leads to (`?done=`). */
const DONE = {
  retried: "Retried: this is the new dispatch.",
  cancelled: "Cancelled: it will not be delivered.",
  paused: "Paused: its dispatches are held until it is resumed.",
  resumed: "Resumed: what was held goes out, oldest first.",
} as const;

export type Done = keyof typeof DONE;

export const Flash = ({ done }: { done: string | undefined }) => (
  <div id="flash" role="status">
    {done !== undefined && Object.hasOwn(DONE, done) ? <p>{DONE[done as Done]}</p> : undefined}
  </div>
);
