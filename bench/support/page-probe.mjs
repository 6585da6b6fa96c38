/**
 * Runs in the page, so nothing of this module may be used in it. Jumps to `jumps` places of the grid and answers, for each,
 * the milliseconds until every row in sight had its values; further the page's long tasks, the times between frames and
 * the layout shifts of that span.
 */
export async function jumpAround({ jumps, seed, limit }) {
  const grid = document.querySelector('[role="grid"]');
  const header = 32;
  const tasks = [];
  let shifts = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.entryType === 'longtask') tasks.push(entry.duration);
      else if (!entry.hadRecentInput) shifts += entry.value;
    }
  });
  observer.observe({ type: 'longtask' });
  observer.observe({ type: 'layout-shift' });

  const filled = () => {
    const box = grid.getBoundingClientRect();
    const [top, bottom] = [box.top + header, box.top + grid.clientHeight];
    let covered = 0;
    for (const row of grid.querySelectorAll('[data-row]')) {
      const place = row.getBoundingClientRect();
      const inSight = Math.min(place.bottom, bottom) - Math.max(place.top, top);
      if (inSight <= 0) continue;
      if (row.getAttribute('aria-busy') === 'true') return false;
      covered += inSight;
    }
    // A pixel of rounding is no gap.
    return covered >= bottom - top - 1;
  };

  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const times = [];
  const frames = [];
  let late = 0;
  let before = await new Promise(requestAnimationFrame);
  for (let jump = 0; jump < jumps; jump += 1) {
    const began = performance.now();
    grid.scrollTop = Math.floor(random() * (grid.scrollHeight - grid.clientHeight));
    for (;;) {
      const now = await new Promise(requestAnimationFrame);
      frames.push(now - before);
      before = now;
      // What a frame draws is seen at its end: the next one begins after that.
      const took = performance.now() - began;
      if (filled()) {
        times.push(took);
        break;
      }
      if (took > limit) {
        late += 1;
        times.push(took);
        break;
      }
    }
  }
  await new Promise(requestAnimationFrame);
  for (const entry of observer.takeRecords()) if (entry.entryType === 'longtask') tasks.push(entry.duration);
  observer.disconnect();
  return { times, tasks, frames, shifts, late };
}
