import { resolve } from 'node:path';
import { isPemText } from '../../shared/certificate-text.ts';
import type { Connection } from '../../shared/connection.ts';
import { AppFailure } from '../../shared/result.ts';
import { readCertificates } from '../engine/s3/certificates.ts';
import type { StoredList } from '../store/stored-list.ts';
import type { FoundConnection, FoundInFile } from './connection-files/found-connections.ts';

type Described = Omit<Connection, 'id'>;

/**
 * The connection with the text of its authority's certificate in place of the path of its file. Throws `invalid-arguments`
 * for a file that cannot be read, and for what is no certificate.
 */
export async function withCertificateText<C extends Described>(connection: C): Promise<C> {
  const path = certificateFileOf(connection);
  return path === null ? connection : withAuthority(connection, await readCertificates(path, connection.name));
}

function certificateFileOf({ network }: Described): string | null {
  const authority = network?.certificateAuthority ?? null;
  return authority === null || isPemText(authority) ? null : authority;
}

function withAuthority<C extends Described>(connection: C, certificateAuthority: string | null): C {
  const { network } = connection;
  return network === undefined ? connection : { ...connection, network: { ...network, certificateAuthority } };
}

/** Reads the files that an older Dipper kept the paths of. What cannot be read is told where the connection is used. */
export async function readKeptCertificates(connections: StoredList<Connection>): Promise<void> {
  for (const connection of connections.entries) {
    if (certificateFileOf(connection) === null) continue;
    const read = await unlessUnreadable(withCertificateText(connection));
    if (read !== null) await connections.put(read);
  }
}

/**
 * What a file of connections holds, with the texts of the certificates that it names by path. `folder`: where relative
 * paths start; null where no file may be read.
 */
export async function withCertificateTexts(found: FoundInFile, folder: string | null): Promise<FoundInFile> {
  const connections = found.connections.map(async (one): Promise<FoundConnection> => {
    const path = certificateFileOf(one.connection);
    if (path === null) return one;
    const file = folder === null ? path : resolve(folder, path);
    const reading = folder === null ? null : withCertificateText(withAuthority(one.connection, file));
    const read = reading === null ? null : await unlessUnreadable(reading);
    return read === null
      ? { ...one, connection: withAuthority(one.connection, null), unreadCertificate: file }
      : { ...one, connection: read };
  });
  return { ...found, connections: await Promise.all(connections) };
}

async function unlessUnreadable<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppFailure && error.error.code === 'invalid-arguments') return null;
    throw error;
  }
}
