import { buildIndexProcess, type TestSpawner } from '../../integration/index/support/index-process.ts';

let built: Promise<TestSpawner> | null = null;

/** Built from source for the first case that needs it; `removeIndexProcess` after the last. */
export function indexProcess(): Promise<TestSpawner> {
  built ??= buildIndexProcess();
  return built;
}

export async function removeIndexProcess(): Promise<void> {
  const spawner = await built;
  built = null;
  await spawner?.remove();
}
