/** A CloudEvent 1.0 in its structured JSON form. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export interface CloudEvent<Data = unknown> {
  /** The version of CloudEvents: `1.0`. */
  specversion: string;
  /** Identifies the event within its `source`. */
  id: string;
  /** Where it comes from: a URI reference. */
  source: string;
  /** What happened, such as `com.example.order.paid`. */
  type: string;
  /** The media type of `data`; JSON if left out. */
  datacontenttype?: string;
  /** The schema of `data`: a URI. */
  dataschema?: string;
  /** What the event is about within its `source`. */
  subject?: string;
  /** When it happened, as RFC 3339. */
  time?: string;
  /** The event's own data. */
  data?: Data;
  /** Binary data as Base64, in the place of `data`. */
  data_base64?: string;
  /** Extensions. */
  [attribute: string]: unknown;
}
