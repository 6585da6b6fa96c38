import type { CodecName, Collection } from '../../../shared/collection.ts';
import { expandKey } from '../../../shared/record-key.ts';
import { AppFailure } from '../../../shared/result.ts';
import { PROBE_NAME } from '../s3/probe-capabilities.ts';

const SUFFIX = '.json';

/** S3's limit, in UTF-8 bytes. */
const MAXIMUM_KEY_BYTES = 1024;

type Place = Pick<Collection, 'bucket' | 'prefix' | 'keyTemplate'>;

/**
 * Whether a key below `prefix` is a record of the collection: `.json` (in lower case) of dataknobs, any key of a plain one
 * but those that Dipper has for a moment to try out a server.
 */
export function isListedKey(codec: CodecName, prefix: string, key: string): boolean {
  return key.startsWith(prefix) && (codec === 'plain' ? !key.includes(PROBE_NAME) : key.endsWith(SUFFIX));
}

/** Key of a new record. `invalid-key` where S3 has no such key. */
export function keyOfId(place: Place, id: string): string {
  const key = expandKey(place, id);
  const detail = { bucket: place.bucket, key };
  if (!key.isWellFormed()) {
    throw new AppFailure(
      'invalid-key',
      `The id ${JSON.stringify(id)} holds half a surrogate pair. Choose another id.`,
      {
        detail,
      },
    );
  }
  const bytes = Buffer.byteLength(key, 'utf8');
  if (bytes > MAXIMUM_KEY_BYTES) {
    throw new AppFailure(
      'invalid-key',
      `The key for this id would have ${bytes} bytes; S3 allows ${MAXIMUM_KEY_BYTES}. Choose a shorter id.`,
      { detail },
    );
  }
  if (key === place.prefix) throw new AppFailure('invalid-key', 'The id is empty. Give the record an id.', { detail });
  return key;
}

/** Keys that a record with this id may have, the likeliest first: the template's, with `.json`, and prefix + id. */
export function candidateKeys(place: Place, id: string): readonly string[] {
  const keys = [expandKey(place, id), place.prefix + id + SUFFIX, place.prefix + id];
  return [...new Set(keys)].filter((key) => key !== '');
}
