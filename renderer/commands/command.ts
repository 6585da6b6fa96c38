import type { ApplicationState } from '../../shared/contract.ts';
import type { MenuName } from '../../shared/window-menu.ts';
import type { IconName } from '../ui/icon-shapes.ts';
import type { Shortcut } from './shortcut.ts';

/** An action as data: toolbars, menus, palette, shortcuts and their sheet are rendered from it. */
export interface Command<Context = unknown> {
  readonly id: string;
  /** A verb and its object, sentence case. */
  readonly name: string;
  readonly icon?: IconName;
  /** The first is the one that is shown. */
  readonly shortcuts?: readonly Shortcut[];
  /** In place of `shortcuts` in the browser host, where browsers keep some keys to themselves. */
  readonly browserShortcuts?: readonly Shortcut[];
  /** Where its keys count: `grid` while a row's cell has the focus, `page` unless somebody types, `anywhere` always. */
  readonly scope: 'anywhere' | 'page' | 'grid';
  /** The menu it stands in, in the order of the commands; also its heading in the shortcut sheet. */
  readonly menu: MenuName;
  /** A line stands above it in its menu. */
  readonly startsSection?: boolean;
  /** Takes something away: red in menus. */
  readonly danger?: boolean;
  readonly when: (context: Context) => Availability;
  /** For one that is on or off. */
  readonly checked?: (context: Context) => boolean;
  readonly run: (context: Context) => void | Promise<void>;
}

/** `hidden` where it means nothing now; a reason is what a disabled control says. */
export type Availability = 'available' | 'hidden' | { readonly reason: string };

export function shortcutsOf(command: Command<never>, shell: ApplicationState['shell']): readonly Shortcut[] {
  return (shell === 'browser' ? command.browserShortcuts : undefined) ?? command.shortcuts ?? [];
}

export function reasonOf(availability: Availability): string | null {
  return typeof availability === 'string' ? null : availability.reason;
}
