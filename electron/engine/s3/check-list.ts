import { CHECK_TITLES, type CheckName, type ConnectionCheck } from '../../../shared/connection-check.ts';
import type { AppError } from '../../../shared/result.ts';

/** The checks of one test, told as they end. */
export interface CheckList {
  /** Takes the place of what was said of it before. */
  add(check: ConnectionCheck): void;
  /** All that nothing was said of yet were not run, for this reason. */
  rest(reason: string, remedy?: string): void;
  /** In the order of CHECK_TITLES. */
  all(): readonly ConnectionCheck[];
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of what is written out
const NAMES = Object.keys(CHECK_TITLES) as readonly CheckName[];

export function createCheckList(tell: (checks: readonly ConnectionCheck[]) => void): CheckList {
  const checks = new Map<CheckName, ConnectionCheck>();
  const all = (): readonly ConnectionCheck[] => NAMES.flatMap((name) => checks.get(name) ?? []);
  return {
    all,
    add: (check) => {
      checks.set(check.check, check);
      tell(all());
    },
    rest: (reason, remedy) => {
      for (const name of NAMES)
        if (!checks.has(name)) checks.set(name, { ...notRun(name, reason), remedy: remedy ?? null });
      tell(all());
    },
  };
}

export function passed(check: CheckName, reason: string): ConnectionCheck {
  return { check, verdict: 'passed', reason, remedy: null, error: null };
}

export function limited(
  check: CheckName,
  reason: string,
  remedy: string | null,
  error: AppError | null = null,
): ConnectionCheck {
  return { check, verdict: 'limited', reason, remedy, error };
}

/** `remedy`: where there is more to say than the failure itself does. */
export function failed(check: CheckName, error: AppError, remedy?: string): ConnectionCheck {
  const { reason, advice } = partsOf(error.message);
  return { check, verdict: 'failed', reason, remedy: remedy ?? advice, error };
}

export function notRun(check: CheckName, reason: string): ConnectionCheck {
  return { check, verdict: 'not-run', reason, remedy: null, error: null };
}

/** A failure's first sentence says what failed, those behind it what to do (explain-refusal.ts, explain-transport.ts). */
function partsOf(message: string): { readonly reason: string; readonly advice: string | null } {
  const [reason = message, ...advice] = message.split(/(?<=[.!?])\s+(?=[A-Z])/);
  return { reason, advice: advice.length === 0 ? null : advice.join(' ') };
}
