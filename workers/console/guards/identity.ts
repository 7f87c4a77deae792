/** The person or service that is signed in. */
export interface Identity {
  /** A person's e-mail address, or a service token's name. */
  name: string;
  /** The groups at the identity provider, if the token has them. */
  groups: readonly string[];
}
