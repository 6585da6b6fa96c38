import { z } from 'zod';
import { MENU_NAMES, type WindowMenu } from '../../shared/window-menu.ts';

const itemSchema = z.strictObject({
  id: z.string().min(1).max(100),
  label: z.string().min(1).max(100),
  shortcut: z.string().max(40).nullable(),
  state: z.enum(['enabled', 'disabled', 'hidden']),
  checked: z.boolean().nullable(),
});

const menusSchema = z
  .array(z.strictObject({ name: z.enum(MENU_NAMES), sections: z.array(z.array(itemSchema).max(50)).max(20) }))
  .max(MENU_NAMES.length);

/** Null for what is no menu bar. */
export function readWindowMenus(value: unknown): readonly WindowMenu[] | null {
  const parsed = menusSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
