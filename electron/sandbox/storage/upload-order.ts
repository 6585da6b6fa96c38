import { randomBytes } from 'node:crypto';
import type { MultipartUpload } from './storage.ts';
import { compareUtf8 } from '../../../shared/utf8-order.ts';

/** In order of keys; those of one key oldest first. */
export function inListingOrder<Upload extends MultipartUpload>(uploads: Iterable<Upload>): readonly Upload[] {
  return [...uploads].toSorted((left, right) => compareUtf8(left.key, right.key) || compareUtf8(left.id, right.id));
}

/** Ids of later uploads sort behind, so that a listing can go on where the upload it ended with is gone. */
export function newUploadId(initiated: number): string {
  return `${initiated.toString(16).padStart(12, '0')}${randomBytes(16).toString('hex')}`;
}
