import { useRef } from 'react';
import { MENU_NAMES } from '../../shared/window-menu.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { shortcutsOf } from './command.ts';
import { useCommandContext } from './context.ts';
import { showShortcut } from './shortcut.ts';
import styles from './ShortcutSheet.module.css';
import { useAllCommands } from './use-all-commands.ts';

/** Keys of the grid itself, which are no commands: they move and select. */
const GRID_KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['Move', ['↑', '↓', '←', '→']],
  ['First or last column', ['Home', 'End']],
  ['First or last row', ['Mod+↑', 'Mod+↓']],
  ['Select more rows', ['Shift+↑', 'Shift+↓']],
  ['Select all rows', ['Mod+A']],
  ['In a header: sort, add to the sort', ['Enter', 'Shift+Enter']],
  ['In a header: wider, narrower', ['Shift+→', 'Shift+←']],
  ['In a header: move the column', ['Alt+←', 'Alt+→']],
  ['In a header: its menu', ['Alt+↓']],
];

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { shell, platform } = useCommandContext();
  const sheet = useRef<HTMLDivElement>(null);
  const commands = useAllCommands().filter((command) => shortcutsOf(command, shell).length > 0);
  return (
    <Dialog title="Shortcuts" open onClose={onClose} initialFocus={sheet}>
      {/* Takes the keys, so that they scroll it; the button to close would take the first Escape for its tooltip. */}
      <div ref={sheet} role="group" aria-label="Keys" tabIndex={0} className={styles.sheet}>
        {MENU_NAMES.map((name) => (
          <section key={name} aria-label={name}>
            <h2 className={styles.group}>{name}</h2>
            <dl>
              {commands
                .filter(({ menu }) => menu === name)
                .map((command) => (
                  <div key={command.id} className={styles.line}>
                    <dt>{command.name}</dt>
                    <dd>
                      {shortcutsOf(command, shell).map((shortcut) => (
                        <kbd key={shortcut}>{showShortcut(shortcut, platform)}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <section aria-label="Grid">
          <h2 className={styles.group}>Grid</h2>
          <dl>
            {GRID_KEYS.map(([name, keys]) => (
              <div key={name} className={styles.line}>
                <dt>{name}</dt>
                <dd>
                  {keys.map((key) => (
                    <kbd key={key}>{showShortcut(key, platform)}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
