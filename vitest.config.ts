import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Its default leaves one core free, which of two is half.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          // They change nothing that others see, and each in a process of its own would take twice the time.
          isolate: false,
          // Some compare thousands of values, and a busy machine takes longer.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/servers/*.test.ts'],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Its own second is too short on a busy machine.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Real windows on a machine whose cores they share: one second try, which npm test names in its last lines.
          retry: 1,
          expect: { poll: { timeout: 30_000 } },
          globalSetup: ['test/e2e/support/synced-data-folder.ts'],
        },
      },
    ],
  },
});
