import type { QueryRun } from '../../shared/saved-query.ts';
import { useSavedQueries } from '../api/search-queries.ts';
import { useCommandContext } from '../commands/context.ts';
import { commandEntries } from '../commands/menus.ts';
import {
  COPY_QUERY,
  COPY_QUERY_AS,
  EDIT_AS_TEXT,
  SAVE_QUERY,
  SHOW_HISTORY,
  SHOW_SAVED,
} from '../commands/query-commands.ts';
import { formatCount } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Menu } from '../ui/Menu.tsx';
import type { MenuEntry } from '../ui/MenuEntries.tsx';
import { runText } from './run-query.ts';

/** More are in the dialogs. */
const MOST_SHOWN = 10;

/** The menus of the queries that have a name, and of those that ran. */
export function QueryMenus({ collection }: { readonly collection: string }) {
  const context = useCommandContext();
  const { saved, history } = useSavedQueries(collection);
  const tab = context.tab?.id ?? '';
  const entries = (commands: Parameters<typeof commandEntries>[0]): readonly MenuEntry[] =>
    commandEntries(commands, context).map((entry) => ({ ...entry, separator: false }));
  const [first, ...others] = entries([COPY_QUERY, COPY_QUERY_AS, EDIT_AS_TEXT]);
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton icon="clock" name="Queries that ran" />}
        entries={[
          ...history.slice(0, MOST_SHOWN).map((run) => ({
            id: run.where,
            label: run.where,
            shortcut: foundWords(run),
            run: () => void runText(tab, run),
          })),
          ...(history.length === 0
            ? [{ id: 'none', label: 'No query has run yet', disabledReason: 'Run one first', run: () => undefined }]
            : []),
          ...entries([SHOW_HISTORY]).map((entry) => ({ ...entry, label: 'All that ran…', separator: true })),
        ]}
      />
      <Menu
        align="end"
        trigger={<IconButton icon="star" name="Saved queries" />}
        entries={[
          ...entries([SAVE_QUERY]),
          ...saved.slice(0, MOST_SHOWN).map((query, place) => ({
            id: query.id,
            label: query.name,
            icon: 'play' as const,
            separator: place === 0,
            run: () => void runText(tab, query),
          })),
          ...entries([SHOW_SAVED]).map((entry) => ({
            ...entry,
            label: saved.length === 0 ? 'Saved queries…' : 'Rename, delete, all saved…',
          })),
          ...(first === undefined ? [] : [{ ...first, separator: true }]),
          ...others,
        ]}
      />
    </>
  );
}

export function foundWords({ found }: QueryRun): string {
  return found === null ? 'in part' : formatCount(found);
}
