import type { Collection } from '../../../shared/collection.ts';
import type { Connection } from '../../../shared/connection.ts';
import type { OmittedEntry } from '../../../shared/connection-file.ts';
import type { Secret } from '../../../shared/contract.ts';

/** A connection as a file describes it: ids are given when it is taken. */
export interface FoundConnection {
  readonly connection: Omit<Connection, 'id'>;
  readonly secret: Secret | null;
  readonly collections: readonly FoundCollection[];
  /** Names of a configuration's entries that are about it. */
  readonly entries: readonly string[];
  /** Path of a certificate that the file names, which the connection does without. */
  readonly unreadCertificate?: string;
}

export interface FoundCollection {
  readonly collection: Omit<Collection, 'id' | 'connectionId'>;
  readonly notes: readonly string[];
}

export interface FoundInFile {
  readonly format: 'dipper' | 'dataknobs';
  readonly connections: readonly FoundConnection[];
  readonly omitted: readonly OmittedEntry[];
}

/** The server and the credentials' source, as text to compare: name, colour and limits are a matter of taste. */
export function serverOf({ endpoint, region, pathStyle, credentials, network }: Omit<Connection, 'id'>): string {
  return JSON.stringify([endpoint, region, pathStyle, credentials, network ?? null]);
}
