/** What a shell says of a program whose reader has gone: 128 and the number of SIGPIPE. */
const READER_GONE = 141;

/** Ends the process, without a word, once whoever reads its output has gone: as in `eventhub ops list | head`. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(READER_GONE);
    throw error;
  });
}
