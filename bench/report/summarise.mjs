import { median } from '../support/percentiles.mjs';

/** For each leg and peer the medians, and the ratios to Dipper's run of the same round, by the record. */
export function summarise(legs, peers, runs) {
  return legs.map(({ name, title }) => {
    const ofLeg = runs.filter(({ leg }) => leg === name);
    const ours = new Map(ofLeg.filter(({ peer }) => peer === 'dipper').map((run) => [run.round, run]));
    const rows = peers.flatMap((peer) => {
      const own = ofLeg.filter((run) => run.peer === peer.name);
      return own.length === 0 ? [] : [summariseRuns(peer, own, ours)];
    });
    return { name, title, rows };
  });
}

function summariseRuns(peer, runs, ours) {
  const middle = (valueOf) => median(runs.map(valueOf));
  const ratios = (valueOf) => {
    const all = runs.flatMap((run) => {
      const beside = ours.get(run.round);
      return beside === undefined ? [] : [valueOf(run) / run.count / (valueOf(beside) / beside.count)];
    });
    return all.length === 0
      ? null
      : { median: median(all), least: Math.min(...all), most: Math.max(...all), rounds: all.length };
  };
  const memories = runs.flatMap(({ memory }) => (memory === null ? [] : [memory]));
  return {
    peer: peer.name,
    count: runs[0].count,
    wall: middle(({ wall }) => wall),
    /** Microseconds of the client's CPU a record. */
    cpuEach: middle(({ cpu, count }) => (cpu * 1000) / count),
    requests: middle(({ counted }) => counted.total),
    refused: middle(({ counted }) => counted.refused),
    /** Of the time that its connections were open, how much they waited for the server. */
    waiting: middle(({ counted }) => counted.held / counted.openTime),
    serverSpan: middle(({ counted }) => counted.span),
    serverCpuEach: middle(({ counted, count }) => (counted.cpu * 1000) / count),
    memory: memories.length === 0 ? null : median(memories),
    start: peer.start ?? (runs[0].start === null ? null : { wall: middle(({ start }) => start.wall) }),
    wallRatio: ratios(({ wall }) => wall),
    cpuRatio: ratios(({ cpu }) => cpu),
  };
}
