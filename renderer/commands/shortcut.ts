import type { ApplicationState } from '../../shared/contract.ts';

export type Platform = ApplicationState['platform'];

/** `Mod+Shift+P`: Mod is Command on a Mac and Control elsewhere; the key's name comes last. */
export type Shortcut = string;

interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly metaKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export function matchesShortcut(press: KeyPress, shortcut: Shortcut, platform: Platform): boolean {
  const { key, mod, alt, shift } = parts(shortcut);
  const pressedMod = platform === 'mac' ? press.metaKey : press.ctrlKey;
  const otherMod = platform === 'mac' ? press.ctrlKey : press.metaKey;
  if (pressedMod !== mod || otherMod || press.altKey !== alt) return false;
  // The place of the digit counts: with Alt a Mac types another sign, and a French keyboard has signs there without Shift.
  if (/^\d$/.test(key)) return press.shiftKey === shift && (press.code === `Digit${key}` || press.key === key);
  // A sign such as "?" is reached with Shift on some keyboards and without on others: the sign alone counts.
  if (/^[a-z]$/i.test(key) || key.length > 1) {
    if (press.shiftKey !== shift) return false;
    // With Alt a Mac types another sign, so the key's place is what counts.
    return alt && key.length === 1
      ? press.code === `Key${key.toUpperCase()}`
      : press.key.toLowerCase() === key.toLowerCase();
  }
  return press.key === key;
}

const MAC_SIGNS: Readonly<Record<string, string>> = {
  Enter: '↵',
  Escape: 'Esc',
  Space: 'Space',
  Delete: '⌫',
};

/** As people read it: `⇧⌘P` on a Mac, `Ctrl+Shift+P` elsewhere. */
export function showShortcut(shortcut: Shortcut, platform: Platform): string {
  const { key, mod, alt, shift } = parts(shortcut);
  const name = key === 'Escape' ? 'Esc' : key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  if (platform === 'mac') {
    return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${MAC_SIGNS[key] ?? name}`;
  }
  return [mod ? 'Ctrl' : '', alt ? 'Alt' : '', shift ? 'Shift' : '', name].filter((part) => part !== '').join('+');
}

function parts(shortcut: Shortcut): { key: string; mod: boolean; alt: boolean; shift: boolean } {
  const names = shortcut.split('+');
  const last = names.at(-1) ?? '';
  return {
    key: last === 'Space' ? ' ' : last,
    mod: names.includes('Mod'),
    alt: names.includes('Alt'),
    shift: names.includes('Shift'),
  };
}
