/** What is wrong with a transform or its result. It never contains parts of the payload, except what the expression itself puts into an error. */
export class TransformFault extends Error {
  override readonly name = "TransformFault";
}
