import type { Encryption } from '../../shared/collection.ts';

/** How objects are encrypted, as a form holds it: texts as typed. */
export interface EncryptionChoice {
  /** `inherited`: as the bucket, or the collection, says. */
  readonly encryption: 'inherited' | Encryption['algorithm'];
  readonly encryptionKey: string;
  readonly bucketKey: boolean;
}

export const INHERITED_ENCRYPTION: EncryptionChoice = { encryption: 'inherited', encryptionKey: '', bucketKey: false };

export function encryptionChoiceOf(encryption: Encryption | null): EncryptionChoice {
  if (encryption === null) return INHERITED_ENCRYPTION;
  const { algorithm } = encryption;
  if (encryption.algorithm === 'AES256') return { ...INHERITED_ENCRYPTION, encryption: algorithm };
  const { keyId, bucketKey = false } = encryption;
  return { encryption: algorithm, encryptionKey: keyId ?? '', bucketKey };
}

/** Null where it is inherited. */
export function encryptionOf({ encryption, encryptionKey, bucketKey }: EncryptionChoice): Encryption | null {
  if (encryption === 'inherited') return null;
  if (encryption === 'AES256') return { algorithm: 'AES256' };
  const key = encryptionKey.trim();
  return {
    algorithm: encryption,
    keyId: key === '' ? null : key,
    // S3 has no bucket keys for double encryption.
    ...(bucketKey && encryption === 'aws:kms' ? { bucketKey: true } : {}),
  };
}

export function usesKmsKey({ encryption }: Pick<EncryptionChoice, 'encryption'>): boolean {
  return encryption === 'aws:kms' || encryption === 'aws:kms:dsse';
}

/** Null where there is none. */
export function encryptionKeyProblem(choice: EncryptionChoice): string | null {
  return usesKmsKey(choice) && /\s/.test(choice.encryptionKey.trim())
    ? 'An id, alias/NAME or ARN, without blanks.'
    : null;
}
