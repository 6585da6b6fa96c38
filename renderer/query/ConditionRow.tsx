import { useId } from 'react';
import type { FieldSummary } from '../../shared/page.ts';
import type { SampledField } from '../api/field-sample.ts';
import { Checkbox } from '../ui/Checkbox.tsx';
import { classes } from '../ui/classes.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Select } from '../ui/Select.tsx';
import { glyphClass, glyphIcon, glyphWord } from '../ui/TypeGlyph.tsx';
import styles from './Builder.module.css';
import { fieldAt, isEveryField, kindOfPlace, placeName, type DraftPlace } from './draft-place.ts';
import { VALUE_TYPES, type DraftCondition, type ValueType } from './draft.ts';
import { missingIn } from './missing.ts';
import { operatorsOf, operatorWords } from './operator-words.ts';
import { isPattern, shapeOf, takesText, withOperator, withPlace, withValueType } from './operators.ts';
import { PatternHelp } from './PatternHelp.tsx';
import { PlaceField } from './PlaceField.tsx';
import { ValueEditor } from './ValueEditor.tsx';

export interface ConditionRowProps {
  readonly collection: string;
  readonly condition: DraftCondition;
  readonly fields: readonly FieldSummary[];
  /** Names of tags that the query asks. */
  readonly tags: readonly string[];
  readonly onChange: (condition: DraftCondition) => void;
  readonly onRemove: () => void;
}

/** One condition: place, operator, value, in the words of a sentence. */
export function ConditionRow({ collection, condition, fields, tags, onChange, onRemove }: ConditionRowProps) {
  const helpId = useId();
  const { place, off } = condition;
  const summary = fieldAt(place, fields);
  const operators = operatorsOf(condition, place === null ? null : kindOfPlace(place, fields));
  const { operator, hint } = operatorWords(condition);
  const missing = missingIn(condition);
  const types = typesOf(summary, condition);
  const sampled = isPattern(operator) && takesText(condition) ? sampledField(place, summary) : null;
  const row = (
    <div
      className={classes(styles.row, off && styles.off)}
      data-condition={condition.id}
      role="group"
      aria-label={`${place === null ? 'new' : placeName(place)} condition`}
    >
      <Checkbox
        labelHidden
        label="The condition is applied"
        checked={!off}
        onChange={(on) => onChange({ ...condition, off: !on })}
      />
      <PlaceField
        place={place}
        fields={fields}
        tags={tags}
        className={styles.field}
        onChange={(chosen) =>
          onChange(withPlace(condition, chosen, chosen === null ? null : kindOfPlace(chosen, fields)))
        }
      />
      <Select
        label="Operator"
        quiet
        className={styles.operator}
        options={operators.map((each) => ({ value: each.operator, label: each.words }))}
        value={operator}
        onChange={(next) => onChange(withOperator(condition, next))}
      />
      <div className={styles.editor} data-editor>
        {types.length < 2 ? null : (
          <Select
            label="Type of the value"
            quiet
            className={styles.type}
            options={types.map((type) => ({
              value: type,
              label: glyphWord(type),
              icon: glyphIcon(type),
              iconClassName: glyphClass(type),
            }))}
            value={condition.valueKind}
            onChange={(type) => onChange(withValueType(condition, type))}
          />
        )}
        <ValueEditor
          condition={condition}
          describedBy={sampled === null ? undefined : helpId}
          onChange={(change) => onChange({ ...condition, ...change })}
        />
        {missing === null ? (
          hint === undefined ? null : (
            <span className={styles.hint}>{hint}</span>
          )
        ) : (
          <span className={styles.missing}>{missing}</span>
        )}
      </div>
      <IconButton small icon="close" name="Remove the condition" onClick={onRemove} />
    </div>
  );
  if (sampled === null) return row;
  return (
    <>
      {row}
      <PatternHelp
        id={helpId}
        collection={collection}
        condition={condition}
        field={sampled}
        onPattern={(pattern) => onChange({ ...condition, values: [pattern] })}
      />
    </>
  );
}

/** Where the values of a field are; null for one that nobody has seen, and for what is in no record. */
function sampledField(place: DraftPlace | null, summary: FieldSummary | undefined): SampledField | null {
  if (place === null || isEveryField(place) || 'object' in place || 'tag' in place) return null;
  if ('field' in place && place.field === 'id') return { place, path: null };
  if ('path' in place) return { place, path: place.path };
  return summary === undefined ? null : { place, path: summary.path };
}

/**
 * Types that values of the place were found to have, and the one chosen; what nobody has seen may have any. None where the
 * operator takes values of no type, or always texts.
 */
function typesOf(summary: FieldSummary | undefined, condition: DraftCondition): readonly ValueType[] {
  const { place, valueKind } = condition;
  const shape = shapeOf(condition);
  if (shape !== 'one' && shape !== 'two' && shape !== 'many') return [];
  if (place === null || isEveryField(place) || takesText(condition)) return [];
  if ('object' in place || 'tag' in place || ('field' in place && place.field === 'id')) return [];
  if (summary === undefined) return VALUE_TYPES;
  const { list = 0, object = 0, ...kinds } = summary.kinds;
  const counts = { ...kinds, json: list + object };
  return VALUE_TYPES.filter((type) => type === valueKind || (counts[type] ?? 0) > 0);
}
