import type { Connection } from '../../../shared/connection.ts';
import { createS3Client, type S3ClientOptions } from './create-s3-client.ts';
import { journalUploads } from './multipart/journalled-client.ts';
import { sweepUploads } from './multipart/sweep-uploads.ts';
import type { UploadJournal } from './multipart/upload-journal.ts';
import type { S3Client, S3Target } from './s3-client.ts';

/** One client a connection (and a cap of its own, where a collection has one), made when first needed. */
export interface Clients {
  /** `maxWorkers`: a collection's cap, which can only lower the connection's. */
  of(connection: Connection, maxWorkers?: number | null): Promise<S3Client>;
  /** Closes a connection's sockets; requests under way fail with `aborted`. */
  forget(connection: string): Promise<void>;
  /**
   * The server behind a connection is gone: new calls get a new client, those under way find out by themselves, so that
   * they fail as what it is and a write in doubt is told as one. The client that they have is closed behind the last.
   */
  leave(connection: string): void;
  close(): Promise<void>;
}

interface KeptClient {
  readonly connection: string;
  readonly client: S3Client;
  /** Ends what earlier runs left on this connection, beside whatever else it does. */
  readonly sweep: Promise<void>;
}

export function createClients(
  resolveTarget: (connection: Connection) => Promise<S3Target>,
  uploads: UploadJournal,
  optionsOf: (connection: Connection, target: S3Target) => S3ClientOptions,
): Clients {
  const kept = new Map<string, KeptClient>();
  /** Those that were left, until nothing is under way any more. */
  const left = new Set<KeptClient>();

  const take = (chosen: (client: KeptClient) => boolean): readonly KeptClient[] => {
    const taken = Array.from(kept).filter(([, entry]) => chosen(entry));
    for (const [identity] of taken) kept.delete(identity);
    return taken.map(([, entry]) => entry);
  };

  const closeWhere = async (chosen: (client: KeptClient) => boolean): Promise<void> => {
    const closing = [...take(chosen), ...Array.from(left).filter(chosen)];
    for (const entry of closing) left.delete(entry);
    await Promise.all(closing.flatMap(({ client, sweep }) => [client.close(), sweep]));
  };

  const retire = async (entry: KeptClient): Promise<void> => {
    left.add(entry);
    await Promise.all([entry.client.retire(), entry.sweep]);
    left.delete(entry);
  };

  return {
    of: async (connection, maxWorkers = null) => {
      const resolved = await resolveTarget(connection);
      const target = { ...resolved, maxWorkers: lower(resolved.maxWorkers, maxWorkers) };
      // Whatever may change of a target is part of its identity: new keys or a restarted sandbox's port are new clients.
      const identity = JSON.stringify([connection.id, target]);
      let entry = kept.get(identity);
      if (entry === undefined) {
        const client = journalUploads(createS3Client(target, optionsOf(connection, target)), connection.id, uploads);
        const sweep = connection.readOnly
          ? Promise.resolve()
          : sweepUploads(client, connection.id, uploads, Date.now());
        // Told by who closes the client.
        sweep.catch(() => undefined);
        entry = { connection: connection.id, client, sweep };
        kept.set(identity, entry);
      }
      return entry.client;
    },
    forget: (connection) => closeWhere((entry) => entry.connection === connection),
    leave: (connection) => {
      // A fault of the sweep leaves it among those that are still to be closed, which tells it.
      for (const entry of take((other) => other.connection === connection)) retire(entry).catch(() => undefined);
    },
    close: () => closeWhere(() => true),
  };
}

function lower(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
