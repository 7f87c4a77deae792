/** A CloudEvent 1.0 in its structured JSON form. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export interface CloudEvent<Data = unknown> {
  specversion: string;
  id: string;
  source: string;
  type: string;
  datacontenttype?: string;
  dataschema?: string;
  subject?: string;
  time?: string;
  data?: Data;
  data_base64?: string;
  /** Extensions. */
  [attribute: string]: unknown;
}
