import { UsageError } from './usage-error.ts';

export interface S3Url {
  readonly bucket: string;
  /** Verbatim: nothing is decoded, `//`, `?` and `%` are part of a key. */
  readonly prefix: string;
}

export function parseS3Url(text: string): S3Url {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text);
  if (match?.[1] === undefined) {
    throw new UsageError(`"${text}" is no address of records. Write it like s3://bucket/prefix/.`);
  }
  return { bucket: match[1], prefix: match[2] ?? '' };
}
