import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { inCollection } from '../commands/availability.ts';
import type { Command } from '../commands/command.ts';
import type { CommandContext } from '../commands/context.ts';
import { useCommands } from '../commands/registry.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { DraftGroup } from './draft.ts';
import styles from './SearchBox.module.css';
import { searchCondition, withSearchWord } from './search-word.ts';

export interface SearchBoxProps {
  readonly draft: DraftGroup;
  /** Takes the draft and runs it. */
  readonly onApply: (draft: DraftGroup) => void;
}

/** Finds a word in every field: Enter runs it beside the other conditions. */
export function SearchBox({ draft, onApply }: SearchBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  const word = searchCondition(draft)?.values[0] ?? '';
  const [typed, setTyped] = useState(word);
  const [before, setBefore] = useState(word);
  if (word !== before) {
    setBefore(word);
    setTyped(word);
  }
  useCommands(useFindCommand(box));

  function apply(text: string): void {
    setTyped(text);
    if (text.trim() !== word.trim()) onApply(withSearchWord(draft, text));
  }

  function handleKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) apply(typed);
    else if (event.key === 'Escape' && typed !== '') apply('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <TextField
      ref={box}
      label="Find a word in every field"
      placeholder="Find in every field"
      icon="search"
      compact
      className={styles.box}
      data-own-escape={typed === '' ? undefined : true}
      value={typed}
      onChange={setTyped}
      onKeyDown={handleKeyDown}
      onBlur={() => setTyped(word)}
      end={
        word === '' ? null : (
          <IconButton
            small
            icon="close"
            name="Find no word"
            // The field would go back to its word first, and with it the button.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => apply('')}
          />
        )
      }
    />
  );
}

function useFindCommand(box: React.RefObject<HTMLInputElement | null>): readonly Command<CommandContext>[] {
  return useMemo(
    () => [
      {
        id: 'query.find',
        name: 'Find a word in every field',
        icon: 'search',
        shortcuts: ['Shift+Mod+F'],
        scope: 'anywhere',
        menu: 'Collection',
        when: inCollection,
        run: () => {
          box.current?.focus();
          box.current?.select();
        },
      },
    ],
    [box],
  );
}
