import { isNew, type ConnectionImport, type ImportedCollection, type ImportedConnection } from './connection-file.ts';

/** `2 connections and 3 collections`: what is new of it. */
export function newText({ connections, collections }: ConnectionImport): string {
  return `${counted(connections.filter(isNew).length, 'connection')} and ${counted(collections.filter(isNew).length, 'collection')}`;
}

/** Sentences about a connection of a file: another name, what shares it, keys. `isDone`: it was imported. */
export function connectionNotes(
  { connection, fate, nameInFile, keys, entries, unreadCertificate }: ImportedConnection,
  secrets: 'keychain' | 'memory',
  isDone: boolean,
): readonly string[] {
  const { name } = connection;
  const notes: string[] = [];
  if (fate === 'there') notes.push(`${name} was there already and is used as it is.`);
  else if (nameInFile !== null) notes.push(`There is another ${nameInFile}: this one is called ${name}.`);
  if (entries.length > 1) notes.push(`${entries.join(', ')} share it: their server, region and keys are the same.`);
  if (unreadCertificate !== undefined && fate === 'new') {
    notes.push(
      `The certificate of its authority, ${unreadCertificate}, was not read: choose it in the connection’s settings.`,
    );
  }
  if (keys === 'needed') notes.push('Its secret key is not in the file: enter it in the connection’s settings.');
  if (keys === 'brought') {
    const place = secrets === 'keychain' ? 'in the keychain of this system' : 'in memory until Dipper ends';
    notes.push(`Its secret key ${isDone ? 'is kept' : 'will be kept'} ${place}, and in no file of Dipper.`);
  }
  return notes;
}

export function placeOf({ bucket, prefix }: ImportedCollection['collection']): string {
  return `s3://${bucket}/${prefix}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
