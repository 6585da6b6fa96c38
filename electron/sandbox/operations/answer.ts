import type { Identity, SigningContext } from '../http/signature.ts';
import type { S3Request } from '../http/s3-request.ts';
import type { SandboxStorage } from '../storage/storage.ts';

/** What an operation gives back; the server adds request id and length. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An XML document. */
  readonly document?: string;
  readonly body?: {
    readonly length: number;
    readonly content: AsyncIterable<Uint8Array> | Uint8Array;
    close(): Promise<void>;
  };
}

/** What the sandbox takes the time to be, and how long it takes to fetch an archived object. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number;
  readonly restoreMilliseconds: number;
}

/** A verified request and what it works on. */
export interface Call {
  readonly request: S3Request;
  readonly signing: SigningContext;
  readonly storage: SandboxStorage;
  readonly identity: Identity;
  readonly clock: SandboxClock;
}
