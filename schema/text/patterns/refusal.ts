/** The reason why a path or an operand cannot be compiled. It becomes a fault with a place. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
