import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import { Icon } from './Icon.tsx';
import { MenuEntries, type MenuEntry } from './MenuEntries.tsx';
import popup from './popup.module.css';

export interface MenuOfMenusProps {
  /** A Button or IconButton. */
  readonly trigger: ReactElement;
  readonly menus: readonly { readonly name: string; readonly entries: readonly MenuEntry[] }[];
}

/** A menu bar behind one button. */
export function MenuOfMenus({ trigger, menus }: MenuOfMenusProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={popup.positioner} sideOffset={4} align="end" collisionPadding={8}>
          <Base.Popup className={popup.popup}>
            {menus.map(({ name, entries }) => (
              <Base.SubmenuRoot key={name}>
                <Base.SubmenuTrigger className={popup.item}>
                  <span className={popup.label}>{name}</span>
                  <Icon name="chevron-right" size={12} className={popup.more} />
                </Base.SubmenuTrigger>
                <Base.Portal>
                  <Base.Positioner className={popup.positioner} sideOffset={4} alignOffset={-5} collisionPadding={8}>
                    <Base.Popup className={popup.popup}>
                      <MenuEntries entries={entries} />
                    </Base.Popup>
                  </Base.Positioner>
                </Base.Portal>
              </Base.SubmenuRoot>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
