import type { Collection } from './collection.ts';
import type { Connection, Environment } from './connection.ts';

/**
 * A file that connections come from: one that a Dipper exported, or a configuration of dataknobs with a list
 * `databases`, as YAML or JSON.
 */
export interface ConnectionFile {
  /** Its text, or a file that a person gave to the page (shared/given-file.ts). */
  readonly source: { readonly text: string } | { readonly handle: string };
  /** What stands for `${NAME}`. Secrets among them go no further than the text would. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether other names are looked up in the environment of the Dipper that answers; a command brings its own. */
  readonly ownEnvironment: boolean;
  /** Folder that the paths of certificates in it start from; null, as for a page always: such files are not read. */
  readonly filesFrom: string | null;
  /** Of new connections of a configuration, which says nothing of it. */
  readonly environment: Environment;
  readonly readOnly: boolean;
}

/** What is in such a file, and what becomes of it. No secret is in here. */
export interface ConnectionImport {
  readonly format: 'dipper' | 'dataknobs';
  readonly connections: readonly ImportedConnection[];
  readonly collections: readonly ImportedCollection[];
  readonly omitted: readonly OmittedEntry[];
  readonly variables: readonly FileVariable[];
}

export interface ImportedConnection {
  /** As it is saved; with the id of the one that is there already. */
  readonly connection: Connection;
  /** `there`: one with the same server and credentials' source was there before, and is used. */
  readonly fate: 'new' | 'there';
  /** Its name in the file where another connection has that; null where it keeps it. */
  readonly nameInFile: string | null;
  /** `brought`: by the file, for the secret store. `needed`: to be entered before it is used. */
  readonly keys: 'brought' | 'needed' | 'not-needed';
  /** Path of an authority's certificate that the file names and that was not read. */
  readonly unreadCertificate?: string;
  /** Names of the configuration's entries that share it. */
  readonly entries: readonly string[];
}

export interface ImportedCollection {
  readonly collection: Collection;
  /** Of its connection, as that is saved. */
  readonly connectionName: string;
  /** `there`: the same bucket and prefix of that connection is a collection already. */
  readonly fate: 'new' | 'there';
  /** What is not as the configuration reads at first sight, in sentences. */
  readonly notes: readonly string[];
}

export function isNew({ fate }: Pick<ImportedConnection | ImportedCollection, 'fate'>): boolean {
  return fate === 'new';
}

/** An entry that nothing is made of. */
export interface OmittedEntry {
  readonly name: string;
  /** `refused`: it cannot be taken as it stands. `left-out`: it is about something else than S3. */
  readonly why: 'refused' | 'left-out';
  /** A sentence. */
  readonly reason: string;
}

/** A `${NAME}` of the file. */
export interface FileVariable {
  readonly name: string;
  readonly from: 'given' | 'environment' | 'default' | 'missing';
  /** It stands where a secret is expected. */
  readonly isSecret: boolean;
}

/** Characters of such a file. */
export const LONGEST_CONNECTION_FILE = 1_000_000;

/** The placeholders of dataknobs: `${NAME}`, `${NAME:default}`, `${NAME:-default}`, `${NAME:?what to say}`. */
export const VARIABLE = /\$\{([^}:]+)(?::([-?]?)([^}]*))?\}/g;

/** Names of all that a text has: what a command looks up in its own environment. */
export function variablesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))];
}

/** Whether a variable puts another value over one of a configuration: `DATAKNOBS_DATABASES__NAME__KEY`. */
export function isOverride(variable: string): boolean {
  return /^DATAKNOBS_[Dd][Aa][Tt][Aa][Bb][Aa][Ss][Ee][Ss](__.*){2}$/s.test(variable);
}

/** Where boto3 takes the region from that nobody names. */
export const REGION_VARIABLE = 'AWS_DEFAULT_REGION';
