import { Menu as Base } from '@base-ui/react/menu';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.ts';
import popup from './popup.module.css';

/** One line of a menu; `separator` draws a hairline before it. */
export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName | undefined;
  readonly shortcut?: string | undefined;
  readonly danger?: boolean | undefined;
  readonly separator?: boolean | undefined;
  /** For what is on or off. */
  readonly checked?: boolean | undefined;
  /** Why it cannot be chosen now; shown beside it. */
  readonly disabledReason?: string | null | undefined;
  readonly run: () => void;
}

export function MenuEntries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map((entry) => [
    entry.separator === true ? <Base.Separator key={`${entry.id}-separator`} className={popup.separator} /> : null,
    <Entry key={entry.id} entry={entry} />,
  ]);
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  const reason = entry.disabledReason ?? null;
  const icon = entry.checked === true ? 'check' : entry.icon;
  const line = {
    disabled: reason !== null,
    'aria-description': reason ?? undefined,
    title: reason ?? undefined,
    className: classes(popup.item, entry.danger === true && reason === null && popup.danger),
    onClick: entry.run,
    children: (
      <>
        {icon === undefined ? <span className={popup.noIcon} /> : <Icon name={icon} />}
        <span className={popup.label}>{entry.label}</span>
        {entry.shortcut === undefined ? null : <kbd className={popup.shortcut}>{entry.shortcut}</kbd>}
      </>
    ),
  };
  return entry.checked === undefined ? (
    <Base.Item {...line} />
  ) : (
    <Base.CheckboxItem {...line} checked={entry.checked} closeOnClick />
  );
}
