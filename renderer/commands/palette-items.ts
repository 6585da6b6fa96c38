import type { CollectionListing } from '../../shared/collection.ts';
import type { Connection } from '../../shared/connection.ts';
import { countOf } from '../ui/format.ts';
import type { IconName } from '../ui/icon-shapes.ts';
import { reasonOf, type Command } from './command.ts';
import { shownShortcut } from './CommandButton.tsx';
import type { CommandContext } from './context.ts';
import { fuzzyMatch } from './fuzzy-match.ts';
import { runCommand } from './run-command.ts';

export interface PaletteItem {
  /** Kept among the recent ones: of a command, or of a collection. */
  readonly id: string;
  readonly label: string;
  readonly icon: IconName | undefined;
  /** At the right: why it cannot be done, or more of what it is. */
  readonly note: string | null;
  readonly shortcut: string | undefined;
  readonly disabled: boolean;
  readonly run: () => void;
}

export interface PaletteLine {
  readonly item: PaletteItem;
  /** Letters that were typed, by place in the label. */
  readonly places: ReadonlySet<number>;
}

export interface PaletteSection {
  readonly name: 'Recent' | 'Commands' | 'Collections';
  readonly lines: readonly PaletteLine[];
  /** Found, but not listed. */
  readonly left: number;
}

const MOST_LISTED = 100;
const NO_PLACES: ReadonlySet<number> = new Set();

export function commandItems(
  commands: readonly Command<CommandContext>[],
  context: CommandContext,
): readonly PaletteItem[] {
  return commands.flatMap((command): readonly PaletteItem[] => {
    const availability = command.when(context);
    if (availability === 'hidden') return [];
    const reason = reasonOf(availability);
    return [
      {
        id: `command:${command.id}`,
        label: command.name,
        icon: command.icon,
        note: reason ?? (command.checked?.(context) === true ? 'now' : null),
        shortcut: shownShortcut(command, context),
        disabled: reason !== null,
        run: () => runCommand(command, context),
      },
    ];
  });
}

export function collectionItems(
  collections: readonly CollectionListing[],
  connections: readonly Connection[],
  open: (collection: string) => void,
): readonly PaletteItem[] {
  return collections.map(({ id, name, connectionId, records }) => {
    const connection = connections.find((each) => each.id === connectionId)?.name;
    const count = records === null ? undefined : countOf(records, 'record');
    return {
      id: `collection:${id}`,
      label: name,
      icon: 'collection',
      note: [connection, count].filter((part) => part !== undefined).join(', '),
      shortcut: undefined,
      disabled: false,
      run: () => open(id),
    };
  });
}

/**
 * What the palette lists for what was typed. `#` asks for collections only, `>` for commands only; nothing lists what was
 * chosen last, then everything, what can be done before what cannot.
 */
export function paletteSections(
  typed: string,
  commands: readonly PaletteItem[],
  collections: readonly PaletteItem[],
  recent: readonly string[],
): readonly PaletteSection[] {
  const kind = typed.startsWith('#') ? 'Collections' : typed.startsWith('>') ? 'Commands' : null;
  const wanted = (kind === null ? typed : typed.slice(1)).trim();
  const before = wanted === '' && kind === null ? recent : [];
  const all = [...commands, ...collections];
  const last = before.flatMap((id) => all.find((item) => item.id === id) ?? []);
  const others = (items: readonly PaletteItem[]): readonly PaletteItem[] =>
    items.filter((item) => !last.includes(item));
  const sections: readonly PaletteSection[] = [
    section('Recent', last, ''),
    ...(kind === 'Collections' ? [] : [section('Commands', others(commands), wanted)]),
    ...(kind === 'Commands' ? [] : [section('Collections', others(collections), wanted)]),
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

function section(name: PaletteSection['name'], items: readonly PaletteItem[], wanted: string): PaletteSection {
  const found = items.flatMap((item) => {
    const match = wanted === '' ? { score: 0, places: NO_PLACES } : fuzzyMatch(item.label, wanted);
    return match === null ? [] : [{ item, ...match }];
  });
  const sorted = found.toSorted((a, b) => Number(a.item.disabled) - Number(b.item.disabled) || b.score - a.score);
  return { name, lines: sorted.slice(0, MOST_LISTED), left: Math.max(sorted.length - MOST_LISTED, 0) };
}
