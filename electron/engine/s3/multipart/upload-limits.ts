import { formatBytes } from '../../../../shared/byte-size.ts';
import type { ConnectionKind } from '../../../../shared/connection.ts';
import { AppFailure } from '../../../../shared/result.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

export interface UploadLimits {
  /** Of every part but the last, in bytes. */
  readonly smallestPart: number;
  readonly largestPart: number;
  readonly mostParts: number;
  readonly largestObject: number;
}

const AMAZON: UploadLimits = {
  smallestPart: 5 * MIB,
  largestPart: 5 * GIB,
  mostParts: 10_000,
  // 10,000 parts of 5 GiB: 48.8 TiB since December 2025, 5 TiB before.
  largestObject: 10_000 * 5 * GIB,
};

/** Others are taken as Amazon was until 2025: the least that every server in use allows. */
const USUAL: UploadLimits = { ...AMAZON, largestObject: 5 * TIB };

/** What a kind of server allows (Amazon's "multipart upload limits", and what the others document). */
export const UPLOAD_LIMITS: Readonly<Record<ConnectionKind, UploadLimits>> = {
  aws: AMAZON,
  localstack: USUAL,
  minio: USUAL,
  custom: USUAL,
  sandbox: USUAL,
};

/**
 * Bytes of each part of an object: the smallest that servers take, so that little is sent again after a failure, and as
 * much more as it takes for the object to fit the number of parts. Throws `record-too-large`.
 */
export function partBytesFor(size: number, limits: UploadLimits = USUAL): number {
  if (size > limits.largestObject) {
    throw new AppFailure(
      'record-too-large',
      `${formatBytes(size)} are more than the ${formatBytes(limits.largestObject)} that this kind of server keeps in one object. Split it.`,
    );
  }
  const needed = Math.ceil(size / limits.mostParts);
  return Math.min(limits.largestPart, Math.max(limits.smallestPart, Math.ceil(needed / MIB) * MIB));
}
