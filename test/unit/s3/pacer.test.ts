import { describe, expect, test } from 'vitest';
import type { EndedTry } from '../../../electron/engine/s3/gate.ts';
import { MOST_AT_ONCE, Pacer } from '../../../electron/engine/s3/pacer.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { seededRandom } from './seeded-random.ts';

/** Whether a request that arrives now is taken. */
type Allowance = (now: number) => boolean;

function perCalendarSecond(rate: number): Allowance {
  let second = -1;
  let left = 0;
  return (now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      left = rate;
    }
    left -= 1;
    return left >= 0;
  };
}

function tokenBucket(rate: number, burst: number): Allowance {
  let tokens = burst;
  let last = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - last) * rate) / 1000);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

interface Run {
  readonly milliseconds: number;
  readonly refused: number;
  readonly mostAtOnce: number;
  /** When each was taken. */
  readonly taken: readonly number[];
}

const WORKERS = 600;

/**
 * So many requests through a pacer to a server of this latency; refused ones come back until they are taken. `work`:
 * milliseconds that this process is busy with each.
 */
async function run(requests: number, latency: (inside: number) => number, allows: Allowance, work = 0): Promise<Run> {
  const clock = new SimulatedClock();
  const random = seededRandom(1);
  const pacer = new Pacer(MOST_AT_ONCE, random, clock);
  const taken: number[] = [];
  let inside = 0;
  let mostAtOnce = 0;
  let refused = 0;

  const send = async (): Promise<void> => {
    for (let returning = false; ; returning = true) {
      await pacer.gate.enter(undefined, returning);
      const sentAt = clock.now();
      inside += 1;
      mostAtOnce = Math.max(mostAtOnce, inside);
      const isTaken = allows(sentAt);
      await clock.sleep(latency(inside) * (0.9 + 0.2 * random()));
      inside -= 1;
      clock.busy += work;
      const outcome = isTaken ? 'answered' : 'throttled';
      pacer.gate.leave({ outcome, sentAt, answeredAt: clock.now(), waitMilliseconds: null });
      if (isTaken) {
        taken.push(sentAt);
        return;
      }
      refused += 1;
    }
  };
  let left = requests;
  const worker = async (): Promise<void> => {
    for (left -= 1; left >= 0; left -= 1) await send();
  };
  await clock.run(Promise.all(Array.from({ length: WORKERS }, worker)));
  return { milliseconds: clock.now(), refused, mostAtOnce, taken };
}

describe('a server that allows 2,000 requests a second', () => {
  const requests = 12_000;
  test.each(
    [0.3, 30].flatMap(
      (latency) =>
        [
          [latency, 'a count that starts anew each second', () => perCalendarSecond(2000), 0.3],
          [latency, 'a bucket of a second', () => tokenBucket(2000, 2000), 0.5],
          [latency, 'a bucket of 10 ms', () => tokenBucket(2000, 20), 0.1],
        ] as const,
    ),
  )('is used at %s ms where it counts by %s', async (latency, _, allowance, mostRefused) => {
    const { milliseconds, refused, taken } = await run(requests, () => latency, allowance());
    const later = taken.filter((at) => at >= 2_000);
    const rate = later.length / (milliseconds - 2_000);
    expect(rate).toBeGreaterThan(1.9);
    expect(requests / milliseconds).toBeGreaterThan(1.8);
    expect(refused / requests).toBeLessThan(mostRefused);
  });
});

const always: Allowance = () => true;

test('as many requests as there are may be under way where the server takes them as fast', async () => {
  const { mostAtOnce, milliseconds } = await run(20_000, () => 30, always);
  expect(mostAtOnce).toBe(MOST_AT_ONCE);
  expect(milliseconds).toBeLessThan((20_000 / MOST_AT_ONCE) * 30 * 1.25);
});

test('a server that only lets more requests wait gets no more of them', async () => {
  // One after the other, 0.2 ms each, behind a way of 10 ms.
  const { mostAtOnce } = await run(20_000, (inside) => Math.max(10, inside * 0.2), always);
  expect(mostAtOnce).toBeGreaterThanOrEqual(64);
  expect(mostAtOnce).toBeLessThan(200);
});

test('a process takes on as many as it can work on', async () => {
  // It has its hands full with 250 every 30 ms.
  const { mostAtOnce } = await run(20_000, () => 30, always, 0.12);
  expect(mostAtOnce).toBeGreaterThan(220);
  expect(mostAtOnce).toBeLessThan(280);
});

const ended = (changes: Partial<EndedTry>): EndedTry => ({
  outcome: 'answered',
  sentAt: 0,
  answeredAt: 10,
  waitMilliseconds: null,
  ...changes,
});

describe('a lane', () => {
  test('is cut in half once for what left together, and by four at the least', () => {
    const clock = new SimulatedClock();
    const { gate } = new Pacer(MOST_AT_ONCE, () => 0, clock);
    const limits: number[] = [];
    for (const [now, sentAt] of [
      [10, 0],
      [11, 1],
      [20, 9],
      [21, 12],
      [40, 30],
      [60, 50],
      [80, 70],
      [100, 90],
    ] as const) {
      clock.set(now);
      gate.learn(ended({ outcome: 'timed-out', sentAt }));
      limits.push(gate.limit);
    }
    expect(limits).toEqual([32, 32, 32, 16, 8, 4, 4, 4]);
  });

  test('stands still for as long as the server asks, and longer the longer nothing was answered', async () => {
    const clock = new SimulatedClock();
    const { gate } = new Pacer(8, () => 1, clock);
    const enterAt = async (): Promise<number> => {
      await gate.enter(undefined);
      return clock.now();
    };
    await gate.enter(undefined);
    clock.set(10);
    gate.leave(ended({ outcome: 'throttled', waitMilliseconds: 7_000 }));
    const first = enterAt();
    await clock.run(first);
    expect(await first).toBe(7_010);
    gate.leave(ended({ outcome: 'throttled', sentAt: 7_010 }));
    const second = enterAt();
    await clock.run(second);
    expect(await second).toBe(Math.ceil(7_010 * 1.25));
  });

  test('never has more under way than its connection may have', async () => {
    const { gate } = new Pacer(2, () => 0, new SimulatedClock());
    expect([gate.enter(undefined), gate.enter(undefined)]).toEqual([true, true]);
    const third = gate.enter(undefined);
    gate.close();
    expect(await third).toBe(false);
  });
});
