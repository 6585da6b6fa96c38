/**
 * Milliseconds of a turn of the event loop in which answers to bulk requests are worked on. Beside it a turn reads what
 * has come in on all sockets, and cleans up memory: together they have to stay below 8 ms.
 */
const MOST_MILLISECONDS = 1;

/**
 * Milliseconds that bulk work rests for one thing that somebody waits for. What takes longer (rows that have to be sorted
 * first) does not take longer for the bulk work beside it.
 */
const LONGEST_REST = 50;

/** Of all clients of this process, since its event loop is one. */
const waiting: (() => void)[] = [];
let isUnderWay = false;
let endsAt = 0;
/** Calls that somebody waits for. */
let callsAhead = 0;
let isResting = false;

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
    if (callsAhead > 0 || !isResting) return;
    isResting = false;
    setImmediate(beginTurn);
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
 * Resolves when there is time in a turn of the event loop. Hundreds of answers of a batch arrive together, and what each
 * leads to (decoding, the next request, its signature) would all be done before a page, a timer or a click had its turn.
 */
export async function takeTurn(): Promise<void> {
  return new Promise<void>((resolve) => {
    waiting.push(resolve);
    if (isUnderWay) return;
    isUnderWay = true;
    setImmediate(beginTurn);
  });
}

function beginTurn(): void {
  isResting = callsAhead > 0;
  if (isResting) return;
  endsAt = performance.now() + MOST_MILLISECONDS;
  next();
}

function next(): void {
  if (waiting.length > 0 && performance.now() >= endsAt) {
    setImmediate(beginTurn);
    return;
  }
  const resolve = waiting.shift();
  if (resolve === undefined) {
    isUnderWay = false;
    return;
  }
  resolve();
  // Ticks are run before promises are, unless a promise asks for them: this one comes when all is done that `resolve` led to.
  queueMicrotask(() => process.nextTick(next));
}
