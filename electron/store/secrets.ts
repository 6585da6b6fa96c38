import type { Secret } from '../../shared/contract.ts';

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
