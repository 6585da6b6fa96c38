import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { EnvironmentWord } from './EnvironmentMark.tsx';

export interface CollectionSubjectProps {
  readonly collection: Pick<Collection, 'name'>;
  readonly connection: Pick<Connection, 'name' | 'environment'>;
}

/** What a dialog is about, below its title: the collection, where it is, and how careful one has to be there. */
export function CollectionSubject({ collection, connection }: CollectionSubjectProps) {
  return (
    <>
      {collection.name} in {connection.name} <EnvironmentWord environment={connection.environment} />
    </>
  );
}
