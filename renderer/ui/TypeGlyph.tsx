import type { FieldKind } from '../../shared/page.ts';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.ts';
import styles from './TypeGlyph.module.css';

/** What a glyph can stand for: the kinds of values, a value written as JSON, and what is no field: the id, facts of the object, tags. */
export type GlyphKind = FieldKind | 'json' | 'id' | 'object-fact' | 'tag';

const GLYPHS: Readonly<Record<GlyphKind, { readonly icon: IconName; readonly word: string }>> = {
  string: { icon: 'text', word: 'text' },
  number: { icon: 'number', word: 'number' },
  date: { icon: 'date', word: 'date' },
  boolean: { icon: 'boolean', word: 'true or false' },
  object: { icon: 'braces', word: 'object' },
  list: { icon: 'brackets', word: 'list' },
  null: { icon: 'text', word: 'null' },
  json: { icon: 'braces', word: 'as JSON' },
  id: { icon: 'key', word: 'id' },
  'object-fact': { icon: 'layers', word: 'fact of the object' },
  tag: { icon: 'tag', word: 'tag' },
};

export function glyphIcon(kind: GlyphKind): IconName {
  return GLYPHS[kind].icon;
}

/** The kind in a word: `text`, `number`, `true or false` … */
export function glyphWord(kind: GlyphKind): string {
  return GLYPHS[kind].word;
}

/** Class that gives an icon the colour of its type. */
export function glyphClass(kind: GlyphKind): string | undefined {
  return styles[kind];
}

export interface TypeGlyphProps {
  readonly kind: GlyphKind;
  readonly size?: 12 | 14 | 16;
  readonly className?: string | undefined;
}

/** The glyph of a type, with its word for screen readers and on hover. */
export function TypeGlyph({ kind, size = 14, className }: TypeGlyphProps) {
  return (
    <span className={classes(styles.glyph, className)} role="img" aria-label={glyphWord(kind)} title={glyphWord(kind)}>
      <Icon name={glyphIcon(kind)} size={size} className={glyphClass(kind)} />
    </span>
  );
}
