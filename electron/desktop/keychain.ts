import { safeStorage } from 'electron';
import { createKeychainSecretStore, createMemorySecretStore, type Cipher, type SecretStore } from '../store/secrets.ts';

/** The system's keychain where there is one, else memory. Only after Electron is ready. */
export async function openSecretStore(dataFolder: string): Promise<SecretStore> {
  const cipher = await keychainCipher();
  return cipher === null ? createMemorySecretStore() : createKeychainSecretStore(dataFolder, cipher);
}

async function keychainCipher(): Promise<Cipher | null> {
  // Without a keyring Chromium falls back to a key that stands in its own source: that hides nothing.
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return null;
  if (hasAsyncSafeStorage()) {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return null;
    return {
      encrypt: (text) => safeStorage.encryptStringAsync(text),
      decrypt: async (bytes) => (await safeStorage.decryptStringAsync(Buffer.from(bytes))).result,
    };
  }
  return synchronousCipher();
}

/** Came after Electron 33. */
function hasAsyncSafeStorage(): boolean {
  return 'isAsyncEncryptionAvailable' in safeStorage && typeof safeStorage.isAsyncEncryptionAvailable === 'function';
}

function synchronousCipher(): Cipher | null {
  /* oxlint-disable typescript/no-deprecated -- the only way in Electron 33 */
  if (!safeStorage.isEncryptionAvailable()) return null;
  return {
    encrypt: (text) => Promise.resolve(safeStorage.encryptString(text)),
    decrypt: (bytes) => Promise.resolve(safeStorage.decryptString(Buffer.from(bytes))),
  };
  /* oxlint-enable typescript/no-deprecated */
}
