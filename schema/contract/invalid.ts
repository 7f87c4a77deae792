/** What is wrong with a stored event by the definition of its kind. */
export interface InvalidEvent {
  /** It makes no dispatches; else it was stored with a warning, and delivered. */
  refused: boolean;
  /** Each with its place in the payload: `customer.id: is required`. */
  faults: string[];
}
