import { z } from 'zod';
import { profileNameSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

/** Six to eight digits, as devices and apps show them; no schema's message repeats what was typed. */
const codeSchema = z.string().regex(/^\d{6,8}$/, 'is not a code of six digits');

export function profileHandlers(services: Services) {
  const { profiles } = services.aws;
  return {
    'profiles:list': handle('profiles:list', z.strictObject({}), () => profiles.list()),
    'profiles:begin-sign-in': handle(
      'profiles:begin-sign-in',
      z.strictObject({ profile: profileNameSchema }),
      async ({ profile }, { signal }) => {
        const step = await profiles.beginSignIn(profile, signal);
        if (step.step === 'done') await signedIn(services);
        return step;
      },
    ),
    'profiles:continue-sign-in': handle(
      'profiles:continue-sign-in',
      z.strictObject({ profile: profileNameSchema, code: codeSchema.nullable() }),
      async ({ profile, code }, { signal }) => {
        const step = await profiles.continueSignIn(profile, code, signal);
        await signedIn(services);
        return step;
      },
    ),
  };
}

/** Jobs that paused because a person was needed go on, of every profile that this sign-in was for. */
async function signedIn({ aws, engine, emit }: Services): Promise<void> {
  emit({ name: 'profiles:changed', payload: {} });
  const paused = engine.jobs.list().flatMap(({ id, state, error }) => {
    const profile = state === 'paused' && error?.code === 'sign-in-needed' ? error.detail?.profile : undefined;
    return profile === undefined ? [] : [{ id, profile }];
  });
  if (paused.length === 0) return;
  const { profiles } = await aws.profiles.list();
  const ready = new Set(profiles.filter(({ signIn }) => signIn === null).map(({ name }) => name));
  for (const { id, profile } of paused) {
    if (ready.has(profile)) await engine.jobs.resume(id);
  }
}
