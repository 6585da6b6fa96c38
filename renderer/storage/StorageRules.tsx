import { useId } from 'react';
import type { RuledOffer } from '../../shared/class-offer.ts';
import { dollarsText } from '../../shared/plan-text.ts';
import type { ObjectFact } from '../../shared/query.ts';
import { STORAGE_CLASSES } from '../../shared/storage-classes.ts';
import { MOST_STORAGE_RULES, storageRuleProblem, type StorageRule } from '../../shared/storage-rules.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { countOf, storageClassName } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import type { Option } from '../ui/option.ts';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './StorageClassPicker.module.css';

const CLASSES: readonly Option[] = STORAGE_CLASSES.map(({ name }) => ({ value: name, label: storageClassName(name) }));

const NEW_RULE: StorageRule = { where: '@size > 131072', storageClass: 'STANDARD_IA' };

export interface StorageRulesProps {
  readonly rules: readonly StorageRule[];
  readonly onChange: (rules: readonly StorageRule[]) => void;
  /** What the classes come to that they give; left out while that is not known. */
  readonly offer: RuledOffer | undefined;
  /** Of objects that are there already, more is known; left out of new ones. */
  readonly facts?: readonly ObjectFact[];
}

/** Rules that give a record its class by what it is; the first that is true of it counts. */
export function StorageRules({ rules, onChange, offer, facts }: StorageRulesProps) {
  return (
    <div className={styles.rules}>
      {rules.length === 0 ? null : (
        <ol className={styles.ruleList} aria-label="Rules for the class, the first that is true counts">
          {rules.map((rule, place) => (
            <RuleRow
              // Rules have no names, and stand in an order that is theirs.
              key={place}
              rule={rule}
              number={place + 1}
              facts={facts}
              onChange={(changed) => onChange(rules.with(place, changed))}
              onRemove={() => onChange(rules.toSpliced(place, 1))}
            />
          ))}
        </ol>
      )}
      <Button
        compact
        icon="plus"
        disabledReason={rules.length >= MOST_STORAGE_RULES ? `There are ${MOST_STORAGE_RULES} rules at most` : null}
        onClick={() => onChange([...rules, NEW_RULE])}
      >
        {rules.length === 0 ? 'Choose it by a rule' : 'Add a rule'}
      </Button>
      {rules.length === 0 || offer === undefined ? null : (
        <div className={styles.note} role="status">
          {`${offer.classes
            .map(({ storageClass, objects }) => `${countOf(objects, 'record')} in ${storageClassName(storageClass)}`)
            .join(', ')}: ${dollarsText(offer.monthly)} a month. `}
          <span className={classes(styles.verdict, styles[offer.tone])}>{offer.verdict}</span>
        </div>
      )}
    </div>
  );
}

interface RuleRowProps {
  readonly rule: StorageRule;
  /** From 1. */
  readonly number: number;
  readonly facts: readonly ObjectFact[] | undefined;
  readonly onChange: (rule: StorageRule) => void;
  readonly onRemove: () => void;
}

function RuleRow({ rule, number, facts, onChange, onRemove }: RuleRowProps) {
  const id = useId();
  const { where, storageClass } = rule;
  const problem = storageRuleProblem(where, facts);
  return (
    <li>
      <div className={styles.rule}>
        <TextField
          label={`Conditions of rule ${number}`}
          aria-describedby={problem === null ? undefined : id}
          wide
          mono
          value={where}
          wrong={problem !== null}
          onChange={(text) => onChange({ ...rule, where: text })}
        />
        <Select
          label={`Class of rule ${number}`}
          options={CLASSES}
          value={storageClass}
          onChange={(name) => onChange({ ...rule, storageClass: name })}
        />
        <IconButton icon="trash" name={`Remove rule ${number}`} onClick={onRemove} />
      </div>
      {problem === null ? null : (
        <div id={id} className={styles.problem}>
          {problem}
        </div>
      )}
    </li>
  );
}
