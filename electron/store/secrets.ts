import { join } from 'node:path';
import { z } from 'zod';
import type { Secret } from '../../shared/contract.ts';
import { secretSchema } from './schemas.ts';
import { openStoredFile, type ReadContent, type StoredFile } from './stored-file.ts';

/** Where the secret keys of connections are kept, by the connection's id. They are never part of the store's files. */
export interface SecretStore {
  readonly kind: 'keychain' | 'memory';
  /** Null where none is kept (any more). */
  read(connection: string): Promise<Secret | null>;
  write(connection: string, secret: Secret): Promise<void>;
  remove(connection: string): Promise<void>;
}

/** Forgets everything when the process ends: for shells without a keychain. */
export function createMemorySecretStore(): SecretStore {
  const secrets = new Map<string, Secret>();
  return {
    kind: 'memory',
    read: (connection) => Promise.resolve(secrets.get(connection) ?? null),
    write: (connection, secret) => {
      secrets.set(connection, secret);
      return Promise.resolve();
    },
    remove: (connection) => {
      secrets.delete(connection);
      return Promise.resolve();
    },
  };
}

/** The system's keychain as a cipher: it keeps the key, the file below keeps what was encrypted with it. */
export interface Cipher {
  encrypt(text: string): Promise<Uint8Array>;
  /** Rejects where the keychain has another key now, or refuses. */
  decrypt(bytes: Uint8Array): Promise<string>;
}

/**
 * Keeps secrets encrypted in `secrets.json` of the data folder. One that cannot be decrypted (the folder was copied from
 * another machine, the keychain was reset) counts as not kept: the person is asked for it again.
 */
export function createKeychainSecretStore(dataFolder: string, cipher: Cipher): SecretStore {
  let opened: Promise<StoredFile<Readonly<Record<string, string>>>> | null = null;
  // Opened late: the shell makes the store before anybody owns the data folder.
  const file = (): Promise<StoredFile<Readonly<Record<string, string>>>> => {
    opened ??= openStoredFile(join(dataFolder, 'secrets.json'), readEncrypted, {}, []);
    return opened;
  };
  return {
    kind: 'keychain',
    read: async (connection) => {
      const encrypted = (await file()).value[connection];
      if (encrypted === undefined) return null;
      let text: string;
      try {
        text = await cipher.decrypt(Buffer.from(encrypted, 'base64'));
      } catch {
        return null;
      }
      const parsed = secretSchema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : null;
    },
    write: async (connection, secret) => {
      const encrypted = Buffer.from(await cipher.encrypt(JSON.stringify(secret))).toString('base64');
      await (await file()).update((secrets) => ({ ...secrets, [connection]: encrypted }));
    },
    remove: async (connection) => {
      const secrets = await file();
      if (secrets.value[connection] === undefined) return;
      await secrets.update((before) => Object.fromEntries(Object.entries(before).filter(([id]) => id !== connection)));
    },
  };
}

function readEncrypted(content: unknown): ReadContent<Readonly<Record<string, string>>> {
  const parsed = z.record(z.string(), z.string()).safeParse(content);
  return parsed.success ? { value: parsed.data, lost: null } : { value: {}, lost: 'it holds no secrets by connection' };
}
