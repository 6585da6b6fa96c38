import type { Command } from 'commander';
import { chooseDataFolder, readKnownNames } from '../../application.ts';
import { candidatesFor, optionValue } from './candidates.ts';
import { splitLine } from './split-line.ts';

/** First argument of the call that a shell's completion script makes; no verb, so that help does not show it. */
export const COMPLETE = '__complete';

/**
 * Answers `__complete SHELL …`: a line `value TAB description` for each candidate, and last `:files`, `:folders` or `:`.
 * zsh, fish and PowerShell give the words after `dipper`, the unfinished one last with a = before it, because PowerShell
 * drops an argument that is empty. bash, which cuts words at : and =, gives the line up to the cursor and its
 * COMP_WORDBREAKS, and gets back what comes after the last cut.
 */
export async function completeWords(
  root: Command,
  [shell = '', ...given]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const isBash = shell === 'bash';
  const words = isBash
    ? splitLine(given[0] ?? '').slice(1)
    : given.map((word, place) => (place === given.length - 1 ? word.slice(1) : word));
  const folder = chooseDataFolder(optionValue(words, '--data-dir'), environment);
  const { values, paths } = await candidatesFor(root, words, () => readKnownNames(folder));
  const current = words.at(-1) ?? '';
  const breaks = isBash ? (given[1] ?? '') : '';
  const cut = Math.max(
    -1,
    ...[':', '='].filter((mark) => breaks.includes(mark)).map((mark) => current.lastIndexOf(mark)),
  );
  const lines = values
    .filter(({ value }) => value.startsWith(current))
    .map(({ value, text }) => `${value.slice(cut + 1)}\t${text}`);
  return `${[...lines, `:${paths ?? ''}`].join('\n')}\n`;
}
