import { CommandButton } from '../commands/CommandButton.tsx';
import { useCommandContext } from '../commands/context.ts';
import { canStop, RUN, STOP } from '../commands/query-commands.ts';
import styles from './RunButton.module.css';

/** Runs what is asked; while that is under way, stops it. */
export function RunButton({ kind = 'primary' }: { readonly kind?: 'normal' | 'primary' }) {
  const context = useCommandContext();
  return canStop(context) ? (
    <CommandButton key="stop" command={STOP} className={styles.run} withShortcut>
      Stop
    </CommandButton>
  ) : (
    <CommandButton key="run" command={RUN} kind={kind} className={styles.run} withShortcut>
      Run
    </CommandButton>
  );
}
