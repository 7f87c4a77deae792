/** The faults of a stored event by the definition of its kind. */
export interface InvalidEvent {
  /** Whether it was refused and makes no dispatches. Otherwise it was stored with a warning, and delivered. */
  refused: boolean;
  /** Each with its place in the payload: `customer.id: is required`. */
  faults: string[];
}
