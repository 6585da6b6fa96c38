import { ContextMenu as Base } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import { MenuEntries, type MenuEntry } from './MenuEntries.tsx';
import popup from './popup.module.css';

export interface ContextMenuProps {
  /** One element that takes a ref and the props of its element. */
  readonly children: ReactElement;
  readonly entries: readonly MenuEntry[];
  readonly onOpen?: () => void;
  /** Where the focus goes when the menu closes; asked for then. */
  readonly finalFocus?: () => HTMLElement | null;
}

/** Right click, long press, or the menu key. */
export function ContextMenu({ children, entries, onOpen, finalFocus }: ContextMenuProps) {
  return (
    <Base.Root
      onOpenChange={(open) => {
        if (open) onOpen?.();
      }}
    >
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className={popup.positioner} collisionPadding={8}>
          <Base.Popup className={popup.popup} {...(finalFocus === undefined ? {} : { finalFocus })}>
            <MenuEntries entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
