type TransportCode =
  | 'CONNECT_TIMEOUT'
  | 'HEADERS_TIMEOUT'
  | 'BODY_TIMEOUT'
  /** By the server, or by what is in between. */
  | 'OTHER_SIDE_CLOSED'
  /** By us. */
  | 'CLOSED'
  | 'NOT_HTTP'
  | 'UNSENDABLE';

/** Why an exchange of request and answer ended early, where neither the system nor TLS has a code for it. */
export class TransportError extends Error {
  readonly code: TransportCode;

  constructor(code: TransportCode, message: string) {
    super(message);
    this.code = code;
  }
}
