/**
 * Milliseconds of a turn of the event loop in which answers to bulk requests are worked on. Beside it a turn reads what
 * has come in on all sockets, and cleans up memory: together they have to stay below 8 ms.
 */
const MOST_MILLISECONDS = 1;

/** Let through together at most, where there is time for them: to find out when all is done that one leads to takes longer. */
const MOST_TOGETHER = 4;

/**
 * Milliseconds that bulk work rests for one thing that somebody waits for. What takes longer (rows that have to be sorted
 * first) does not take longer for the bulk work beside it.
 */
const LONGEST_REST = 50;

/** Milliseconds after it in which its answer is drawn, and the next call of who scrolls is on its way. */
const ATTENTION = 100;
/** Milliseconds from one turn of bulk work to the next meanwhile: it goes on, and leaves most of the machine to who draws. */
const PAUSE = 8;

/** Of all clients of this process, since its event loop is one. */
const waiting: (() => void)[] = [];
let isUnderWay = false;
let endsAt = 0;
/** Those that were let through last in this turn, and when that was. */
let together = 0;
let letThroughAt = 0;
/** Calls that somebody waits for. */
let callsAhead = 0;
let isResting = false;
let attentiveUntil = 0;
/** Who rests between two steps of their work. */
const resting: (() => void)[] = [];

/**
 * Runs what a person waits for in front of the screen, and lets bulk work rest meanwhile: the answer is made in another process,
 * for which a batch leaves no core where there are few.
 */
export async function aheadOfBulk<T>(work: () => Promise<T>): Promise<T> {
  callsAhead += 1;
  let isAhead = true;
  const end = (): void => {
    if (!isAhead) return;
    isAhead = false;
    callsAhead -= 1;
    attentiveUntil = performance.now() + ATTENTION;
    if (callsAhead > 0) return;
    for (const resolve of resting.splice(0)) resolve();
    if (!isResting) return;
    isResting = false;
    scheduleTurn();
  };
  const longest = setTimeout(end, LONGEST_REST);
  try {
    return await work();
  } finally {
    clearTimeout(longest);
    end();
  }
}

/**
 * Between the steps of work that others do for this process (DuckDB's threads): resolves at once, or when nobody waits any more for
 * what `aheadOfBulk` runs.
 */
export async function restForCalls(): Promise<void> {
  if (callsAhead === 0) return;
  await new Promise<void>((resolve) => {
    resting.push(resolve);
  });
}

/**
 * Resolves when there is time in a turn of the event loop. Hundreds of answers of a batch arrive together, and what each
 * leads to (decoding, the next request, its signature) would all be done before a page, a timer or a click had its turn.
 */
export async function takeTurn(): Promise<void> {
  return new Promise<void>((resolve) => {
    waiting.push(resolve);
    if (isUnderWay) return;
    isUnderWay = true;
    scheduleTurn();
  });
}

function scheduleTurn(): void {
  if (performance.now() < attentiveUntil) setTimeout(beginTurn, PAUSE);
  else setImmediate(beginTurn);
}

function beginTurn(): void {
  isResting = callsAhead > 0;
  if (isResting) return;
  endsAt = performance.now() + MOST_MILLISECONDS;
  // The first one of each turn goes alone: those that wait now may take longer than those before.
  together = 0;
  next();
}

function next(): void {
  const now = performance.now();
  if (waiting.length === 0) {
    isUnderWay = false;
    return;
  }
  if (now >= endsAt) {
    scheduleTurn();
    return;
  }
  const took = together === 0 ? MOST_MILLISECONDS : (now - letThroughAt) / together;
  together = Math.max(1, Math.min(MOST_TOGETHER, waiting.length, Math.floor((endsAt - now) / took)));
  letThroughAt = now;
  for (const resolve of waiting.splice(0, together)) resolve();
  // Ticks are run before promises are, unless a promise asks for them: this one comes when all is done that this led to.
  queueMicrotask(() => process.nextTick(next));
}
