import { useId, useMemo, useState } from 'react';
import type { Collection } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { useClassOffers } from '../api/storage-queries.ts';
import { isNamed, offeredRecords, startOn, type ChosenRecords, type NamedRecords } from '../jobs/chosen-records.ts';
import { StartJobDialog } from '../jobs/StartJobDialog.tsx';
import styles from '../jobs/StartJobDialog.module.css';
import { storageClassName } from '../ui/format.ts';
import { StorageClassPicker } from './StorageClassPicker.tsx';

export interface SetClassDialogProps {
  readonly collection: Collection;
  readonly connection: Connection;
  readonly chosen: ChosenRecords | NamedRecords;
  readonly onClose: () => void;
}

/** Moves records into another storage class, by a copy of each onto itself. */
export function SetClassDialog({ collection, connection, chosen, onClose }: SetClassDialogProps) {
  const id = useId();
  const [storageClass, setStorageClass] = useState('');
  const records = useMemo(() => offeredRecords(chosen), [chosen]);
  const offers = useClassOffers(collection.id, records, 'move', true).data;
  const offer = offers?.offers.find((each) => each.storageClass === storageClass);
  const missing =
    offers?.unsupported ??
    (storageClass === ''
      ? 'Choose a class first'
      : offer !== undefined && offer.there > 0 && offer.there === offers?.objects
        ? `${isNamed(chosen) ? 'It is' : 'They are'} in ${storageClassName(storageClass)} already`
        : null);
  return (
    <StartJobDialog
      title="Change the storage class"
      wide
      verb="Move"
      write="update"
      planned={{
        collection: collection.id,
        kind: 'set-class',
        records: chosen.count,
        of: records,
        ...(storageClass === '' ? {} : { storageClass }),
      }}
      collection={collection}
      connection={connection}
      count={chosen.count}
      ofAll={chosen.ofAll}
      missing={missing}
      start={({ spending }, signal) =>
        startOn(
          chosen,
          (named) => ({ kind: 'set-class', collection: collection.id, records: named, storageClass }),
          spending,
          signal,
        )
      }
      onClose={onClose}
    >
      <StorageClassPicker
        id={`${id}-class`}
        collection={collection.id}
        records={records}
        use="move"
        isNear
        value={storageClass}
        onChange={setStorageClass}
        inherited={null}
        isOpen
      />
      <p className={styles.foot}>
        Each object is copied onto itself: tags, user metadata, encryption and content type stay, the time of its last
        change is that of the copy. An object that leaves a class before its days are over is billed to their end.
      </p>
    </StartJobDialog>
  );
}
