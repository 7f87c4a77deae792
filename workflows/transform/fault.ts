/** What is wrong with a transform or its result. Never the payload's content, but for what the expression itself puts into an error. */
export class TransformFault extends Error {
  override readonly name = "TransformFault";
}
