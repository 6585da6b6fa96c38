import { randomBytes } from 'node:crypto';
import type { MultipartUpload } from './storage.ts';
import { compareUtf8 } from './utf8-order.ts';

/** In order of keys; those of one key oldest first, and those of the same moment by id, so that a listing can be paged. */
export function inListingOrder<Upload extends MultipartUpload>(uploads: Iterable<Upload>): readonly Upload[] {
  return [...uploads].toSorted(
    (left, right) =>
      compareUtf8(left.key, right.key) || left.initiated - right.initiated || compareUtf8(left.id, right.id),
  );
}

export function newUploadId(): string {
  return randomBytes(24).toString('base64url');
}
