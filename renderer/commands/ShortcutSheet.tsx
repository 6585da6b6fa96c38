import { Dialog } from '../ui/Dialog.tsx';
import { APPLICATION_COMMANDS } from './application-commands.ts';
import { shortcutsOf, type Command, type CommandGroup } from './command.ts';
import { useCommandContext, type CommandContext } from './context.ts';
import { useRegisteredCommands } from './registry.ts';
import { showShortcut } from './shortcut.ts';
import styles from './ShortcutSheet.module.css';

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
  const commands = [...APPLICATION_COMMANDS, ...useRegisteredCommands()].filter(
    (command) => shortcutsOf(command, shell).length > 0,
  );
  const groups = new Map<CommandGroup, Command<CommandContext>[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return (
    <Dialog title="Shortcuts" open onClose={onClose}>
      <div className={styles.sheet}>
        {[...groups].map(([group, members]) => (
          <section key={group} aria-label={group}>
            <h2 className={styles.group}>{group}</h2>
            <dl>
              {members.map((command) => (
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
