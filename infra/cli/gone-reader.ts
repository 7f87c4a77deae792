/** The exit code of a program whose reader has gone, as in a shell: 128 and the number of SIGPIPE. */
const READER_GONE = 141;

/** Ends the process silently once the reader of its output has gone, as in `eventhub ops list | head`. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(READER_GONE);
    throw error;
  });
}
