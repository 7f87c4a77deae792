/** Why a path or an operand cannot be compiled; becomes a located fault. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
