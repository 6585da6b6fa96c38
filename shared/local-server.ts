import type { AppError } from './result.ts';

/** A server of this machine that answered at its usual port. */
export interface LocalServer {
  readonly kind: 'localstack' | 'minio';
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** As it names itself; null where it does not say. */
  readonly version: string | null;
}

/** How the server of a connection stood when it was asked. */
export type ServerState =
  | {
      readonly state: 'up';
      /** One signed request, there and back. */
      readonly milliseconds: number;
      /** Of a LocalStack or MinIO of this machine that says it; else null. */
      readonly version: string | null;
    }
  /** Does not answer, or not to these keys: what stands in the way. */
  | { readonly state: 'down'; readonly error: AppError }
  /** The Sandbox alone: it starts with the next request to it (`idle`), or once somebody starts it (`stopped`). */
  | { readonly state: 'idle' | 'stopped' };

/** What LocalStack can be started with on this machine. */
export interface LocalStackProgram {
  /** Path of the `localstack` command; null where PATH has none. */
  readonly path: string | null;
  /** The last start by this Dipper; null where there was none. */
  readonly start: LocalStackStart | null;
}

export interface LocalStackStart {
  /** `ended`: the command is over; whether it left a server running is the server's state. */
  readonly state: 'running' | 'ended';
  /** Null while it runs, and where a signal ended it. */
  readonly exitCode: number | null;
  /** The end of what it printed. */
  readonly output: string;
}

/** The last LocalStack that needs no account: images since March 2026 want a LOCALSTACK_AUTH_TOKEN. */
export const LOCALSTACK_VERSION = '4.14.0';

export const LOCALSTACK_IMAGE = `localstack/localstack:${LOCALSTACK_VERSION}`;

/** How somebody starts it in a terminal: each line is a command. */
export const LOCALSTACK_COMMANDS: readonly { readonly title: string; readonly lines: readonly string[] }[] = [
  { title: 'With Docker', lines: [`docker run --rm -p 127.0.0.1:4566:4566 ${LOCALSTACK_IMAGE}`] },
  {
    title: 'With Python 3.13, S3 alone',
    lines: [
      'python3.13 -m venv localstack',
      // It does not work with the newest of these three.
      `localstack/bin/pip install "localstack-core[base-runtime]==${LOCALSTACK_VERSION}" "cbor2<6" "pyOpenSSL<26" "localstack-twisted<26"`,
      // Its usual server listens at every address of the machine, whatever GATEWAY_LISTEN says.
      'SERVICES=s3 GATEWAY_SERVER=hypercorn GATEWAY_LISTEN=127.0.0.1:4566 localstack/bin/python -m localstack.runtime.main',
    ],
  },
];
