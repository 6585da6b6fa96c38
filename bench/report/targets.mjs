/** Keys of a page of a listing, and of a DeleteObjects. */
const PAGE = 1000;

/**
 * What Dipper is to reach, `{ text, met }` each, from the medians of a report. A target whose leg or peer did not run is
 * left out.
 */
export function judgeTargets({ legs, failures }) {
  const row = (leg, peer) => legs.find(({ name }) => name === leg)?.rows.find((one) => one.peer === peer);
  const targets = [];
  const judge = (text, value, met) => targets.push({ text: `${text}: ${value}`, met });

  /** As many answers as its connections could bring in the time that each of them was open. */
  const judgeWaiting = (where, ours) => {
    if (ours === undefined) return;
    const percent = `${(ours.waiting * 100).toFixed(0)} %`;
    judge(`${where}, ≥ 90 % of concurrency ÷ latency`, percent, ours.waiting >= 0.9);
  };

  const judgeCpu = (where, ours) => {
    if (ours === undefined) return;
    judge(`${where}, client CPU a record ≤ 80 µs`, `${ours.cpuEach.toFixed(0)} µs`, ours.cpuEach <= 80);
  };

  for (const work of ['create', 'read']) {
    for (const { leg, where, latency } of [
      { leg: `${work}-0ms`, where: `${work} 10,000 at 0 ms`, latency: 0 },
      { leg: `${work}-30ms`, where: `${work} 10,000 at 30 ms`, latency: 30 },
      { leg: `${work}-100k-0ms`, where: `${work} 100,000 at 0 ms`, latency: 0 },
      { leg: `${work}-100k-30ms`, where: `${work} 100,000 at 30 ms`, latency: 30 },
    ]) {
      const ours = row(leg, 'dipper');
      const peer = row(leg, 's5cmd');
      judgeCpu(`${where}, in a new process`, ours);
      judgeCpu(`${where}, in an open application`, row(leg, 'dipper-open'));
      if (latency > 0) {
        judgeWaiting(`${where}, at its own pace`, ours);
        judgeWaiting(`${where}, 256 at once`, row(leg, 'dipper-256'));
      }
      if (peer?.cpuRatio) {
        judge(`${where}, ≥ 3 × less CPU than s5cmd`, times(peer.cpuRatio), peer.cpuRatio.median >= 3);
        judge(`${where}, ≥ 1.5 × faster than s5cmd`, times(peer.wallRatio), peer.wallRatio.median >= 1.5);
      }
    }
  }
  const list = row('list', 'dipper');
  if (list !== undefined) {
    const most = 1.4 * Math.ceil(list.count / PAGE);
    judge('list, ≤ 1.4 × the requests of a sequential listing', list.requests, list.requests <= most);
  }
  const listing = row('list', 's5cmd');
  if (listing?.wallRatio)
    judge('list, ≥ 5 × faster than s5cmd ls', times(listing.wallRatio), listing.wallRatio.median >= 5);
  for (const latency of [0, 30]) {
    const ours = row(`delete-${latency}ms`, 'dipper');
    const peer = row(`delete-${latency}ms`, 's5cmd');
    if (ours !== undefined) {
      const least = Math.ceil(ours.count / PAGE);
      judge(`delete at ${latency} ms, ${least} requests`, ours.requests, ours.requests === least);
    }
    if (peer?.wallRatio) {
      judge(`delete at ${latency} ms, ≥ 1 × s5cmd`, times(peer.wallRatio), peer.wallRatio.median >= 1);
    }
  }
  const throttled = row('throttled', 'dipper');
  if (throttled !== undefined) {
    const rate = (throttled.count / throttled.serverSpan) * 1000;
    judge('a server that allows 2,000/s, ≥ 1,900/s', `${rate.toFixed(0)}/s`, rate >= 1_900);
    const failed = failures.filter(({ leg }) => leg === 'throttled').length;
    judge('a server that allows 2,000/s, nothing failed', `${failed} runs failed`, failed === 0);
  }
  return targets;
}

function times({ median, least, most }) {
  return `${median.toFixed(1)} × (${least.toFixed(1)} to ${most.toFixed(1)})`;
}
