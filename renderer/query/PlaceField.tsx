import { useMemo, useState } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import { Combobox } from '../ui/Combobox.tsx';
import { placeOfText, placeText, type DraftPlace } from './draft-place.ts';
import { OTHER_PATH, OTHER_TAG, placeOptions } from './field-options.ts';
import { PlaceDialog } from './PlaceDialog.tsx';

export interface PlaceFieldProps {
  readonly place: DraftPlace | null;
  readonly fields: readonly FieldSummary[];
  /** Names of tags that the query asks. */
  readonly tags: readonly string[];
  readonly className?: string | undefined;
  readonly onChange: (place: DraftPlace | null) => void;
}

/** Where a condition looks: a field, a fact of the object, a tag, or a path that is typed. */
export function PlaceField({ place, fields, tags, className, onChange }: PlaceFieldProps) {
  const [asked, setAsked] = useState<'path' | 'tag' | null>(null);
  const options = useMemo(() => placeOptions(fields, place, tags), [fields, place, tags]);
  return (
    <>
      <Combobox
        label="Field"
        className={className}
        options={options}
        value={place === null ? '' : placeText(place)}
        placeholder="field"
        allowOther
        emptyText="No such field was found; a name with its path, such as address.city, can be typed"
        onChange={(value) => {
          if (value === OTHER_PATH) setAsked('path');
          else if (value === OTHER_TAG) setAsked('tag');
          else onChange(value === '' ? null : placeOfText(value));
        }}
      />
      {asked === null ? null : (
        <PlaceDialog
          kind={asked}
          place={place}
          onClose={() => setAsked(null)}
          onDone={(chosen) => {
            setAsked(null);
            onChange(chosen);
          }}
        />
      )}
    </>
  );
}
