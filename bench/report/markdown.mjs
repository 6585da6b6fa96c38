const MEBIBYTE = 1024 * 1024;

/** The report as the text that stands in README.md. */
export function markdownReport({ machine, peers, legs, targets, failures }) {
  const { processor, cores, memory, system, node, date } = machine;
  return [
    `${date}: ${processor}, ${cores} cores, ${(memory / MEBIBYTE / 1024).toFixed(0)} GiB, ${system}, Node ${node}.`,
    '',
    table(
      ['peer', 'version', 'how', 'start'],
      peers.map(({ name, version, setting, start }) => [
        name,
        version,
        setting,
        start === null ? 'not counted' : `${start.wall.toFixed(0)} ms, counted`,
      ]),
    ),
    ...legs.flatMap(({ title, rows }) => ['', `**${title}**`, '', legTable(rows)]),
    '',
    table(
      ['to reach', ''],
      targets.map(({ text, met }) => [text, met ? 'met' : 'missed']),
    ),
    ...failures.map(
      ({ leg, peer, round, message }) => `\n${peer}, ${leg}, round ${round + 1} failed: ${message.split('\n', 1)[0]}`,
    ),
  ].join('\n');
}

function legTable(rows) {
  return table(
    ['peer', 'records', 'wall', 'CPU a record', 'requests', 'memory', 'wall ÷ Dipper', 'CPU ÷ Dipper'],
    rows.map((row) => [
      row.peer,
      row.count.toLocaleString('en'),
      `${row.wall.toFixed(0)} ms`,
      `${row.cpuEach.toFixed(row.cpuEach < 10 ? 1 : 0)} µs`,
      `${row.requests.toLocaleString('en')}${row.refused > 0 ? `, ${row.refused.toLocaleString('en')} refused` : ''}`,
      row.memory === null ? '' : `${(row.memory / MEBIBYTE).toFixed(0)} MiB`,
      ratio(row.wallRatio),
      ratio(row.cpuRatio),
    ]),
  );
}

function ratio(found) {
  if (found === null) return '';
  return `${digits(found.median)} (${digits(found.least)} to ${digits(found.most)})`;
}

function digits(value) {
  return value.toFixed(value < 10 ? 1 : 0);
}

/** Columns of one width, as the formatter of this project wants them. */
function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (cells, fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column], fill)).join(' | ')} |`;
  return [
    line(all[0]),
    line(
      head.map(() => ''),
      '-',
    ),
    ...all.slice(1).map((row) => line(row)),
  ].join('\n');
}
