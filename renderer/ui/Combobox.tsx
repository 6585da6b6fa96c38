import { Combobox as Base } from '@base-ui/react/combobox';
import { useMemo, useState } from 'react';
import { classes } from './classes.ts';
import fields from './Field.module.css';
import { Icon } from './Icon.tsx';
import type { Option } from './option.ts';
import popup from './popup.module.css';

export interface ComboboxProps {
  /** Accessible name, where no FormRow gives one. */
  readonly label?: string | undefined;
  readonly options: readonly Option[];
  /** Empty: nothing chosen. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Takes what is typed even where it is not in the list. */
  readonly allowOther?: boolean;
  /** Said in the open list where nothing fits. */
  readonly emptyText?: string;
  readonly placeholder?: string | undefined;
  readonly id?: string | undefined;
  readonly describedBy?: string | undefined;
  readonly mono?: boolean;
  readonly compact?: boolean;
  readonly wide?: boolean;
  readonly wrong?: boolean;
  readonly className?: string | undefined;
  readonly autoFocus?: boolean | undefined;
}

/** One of a long list, found by typing. */
export function Combobox({
  label,
  options,
  value,
  onChange,
  allowOther = false,
  emptyText = 'Nothing found',
  placeholder,
  id,
  describedBy,
  mono = false,
  compact = false,
  wide = false,
  wrong = false,
  className,
  autoFocus,
}: ComboboxProps) {
  const [typed, setTyped] = useState('');
  const listed = useMemo(() => {
    const other = typed.trim();
    if (!allowOther || other === '' || options.some((option) => option.value === other || option.label === other)) {
      return options;
    }
    // Below the last heading: what stands between two of them belongs to one.
    return [...options, { value: other, label: other, detail: 'as typed', group: options.at(-1)?.group }];
  }, [allowOther, options, typed]);
  const items = useMemo(() => grouped(listed), [listed]);
  const chosen = value === '' ? null : (options.find((option) => option.value === value) ?? { value, label: value });
  return (
    <Base.Root
      items={items}
      value={chosen}
      isItemEqualToValue={(one: Option, other: Option) => one.value === other.value}
      itemToStringLabel={(option: Option) => option.label}
      autoHighlight
      onInputValueChange={(text, details) => {
        // With its list closed it would take Escape for "choose nothing": here that is for the dialog or panel around it.
        if (details.reason === 'escape-key') {
          details.cancel();
          details.allowPropagation();
        } else setTyped(details.reason === 'input-change' ? text : '');
      }}
      onValueChange={(option: Option | null, details) => {
        if (details.reason !== 'escape-key') onChange(option?.value ?? '');
      }}
    >
      <Base.InputGroup
        className={classes(
          fields.field,
          wide && fields.wide,
          compact && fields.compact,
          wrong && fields.wrong,
          className,
        )}
      >
        {chosen?.icon === undefined ? null : <Icon name={chosen.icon} size={14} className={chosen.iconClassName} />}
        <Base.Input
          id={id}
          aria-label={label}
          aria-describedby={describedBy}
          aria-invalid={wrong || undefined}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          autoFocus={autoFocus}
          className={classes(fields.input, mono && fields.mono)}
          onKeyDown={(event) => {
            // Base UI would take the choice away. With no list to close, Escape is for what is around: a dialog, a panel.
            const isOpen = event.currentTarget.getAttribute('aria-expanded') === 'true';
            if (event.key === 'Escape' && !isOpen) event.preventBaseUIHandler();
          }}
          onBlur={() => {
            if (allowOther && typed.trim() !== '') onChange(typed.trim());
          }}
        />
        <Icon name="chevron-down" size={12} />
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner className={popup.positioner} sideOffset={4} align="start">
          <Base.Popup className={popup.popup}>
            <Base.Empty className={popup.empty}>{emptyText}</Base.Empty>
            <Base.List>
              {(item: Option | OptionGroup) =>
                'items' in item ? (
                  <Base.Group key={item.value} items={item.items}>
                    <Base.GroupLabel className={popup.heading}>{item.value}</Base.GroupLabel>
                    <Base.Collection>
                      {(option: Option) => <OptionItem key={option.value} option={option} />}
                    </Base.Collection>
                  </Base.Group>
                ) : (
                  <OptionItem key={item.value} option={item} />
                )
              }
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface OptionGroup {
  readonly value: string;
  readonly items: readonly Option[];
}

/** Base UI takes options or groups of them, not both. */
function grouped(options: readonly Option[]): readonly Option[] | readonly OptionGroup[] {
  if (options.every(({ group }) => group === undefined)) return options;
  const names = [...new Set(options.map(({ group }) => group ?? ''))];
  return names.map((name) => ({ value: name, items: options.filter(({ group }) => (group ?? '') === name) }));
}

function OptionItem({ option }: { readonly option: Option }) {
  return (
    <Base.Item value={option} className={popup.item}>
      {option.icon === undefined ? null : <Icon name={option.icon} size={14} className={option.iconClassName} />}
      <span className={popup.label}>{option.label}</span>
      {option.detail === undefined ? null : <span className={popup.detail}>{option.detail}</span>}
    </Base.Item>
  );
}
