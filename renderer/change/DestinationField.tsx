import { useId } from 'react';
import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import type { Place } from '../jobs/StartJobDialog.tsx';
import { Combobox } from '../ui/Combobox.tsx';
import { FormRow } from '../ui/FormRow.tsx';

export interface DestinationFieldProps {
  /** Where the records are now: that is no other collection. */
  readonly source: string;
  readonly connections: readonly Connection[];
  readonly collections: readonly CollectionListing[];
  /** Of the collection; empty while none is chosen. */
  readonly value: string;
  readonly onChange: (collection: string) => void;
}

/** Another collection, of whichever connection. */
export function DestinationField({ source, connections, collections, value, onChange }: DestinationFieldProps) {
  const id = useId();
  const others = connections.flatMap((connection) =>
    collections
      .filter((collection) => collection.connectionId === connection.id && collection.id !== source)
      .map((collection) => ({ connection, collection })),
  );
  const writable = others.filter(({ connection }) => !connection.readOnly);
  const chosen = placeOf(value, connections, collections);
  return (
    <FormRow
      label="To"
      htmlFor={id}
      hint={
        chosen !== null
          ? `s3://${chosen.collection.bucket}/${chosen.collection.prefix} on ${chosen.connection.name}`
          : writable.length < others.length
            ? 'Collections of read-only connections are not listed.'
            : undefined
      }
    >
      <Combobox
        id={id}
        wide
        autoFocus
        placeholder="collection"
        describedBy={`${id}-note`}
        options={writable.map(({ connection, collection }) => ({
          value: collection.id,
          label: collection.name,
          icon: 'collection' as const,
          detail: connection.environment,
          group: connection.name,
        }))}
        value={value}
        emptyText="There is no other collection; open a bucket or prefix first"
        onChange={onChange}
      />
    </FormRow>
  );
}

/** The collection with its connection; null where there is none. */
export function placeOf(
  id: string,
  connections: readonly Connection[],
  collections: readonly CollectionListing[],
): Place | null {
  const collection = collections.find((each) => each.id === id);
  const connection = connections.find((each) => each.id === collection?.connectionId);
  return collection === undefined || connection === undefined ? null : { collection, connection };
}
