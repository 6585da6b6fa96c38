/** The same records in every run: skewed like those of people, 12 fields, one of them of mixed types, one often missing. */
export function searchRecords(count) {
  const random = seeded(20_261_129);
  const below = (limit) => Math.floor(random() * limit);
  /** Small numbers far more often than large ones. */
  const skewed = (limit) => Math.floor(random() ** 4 * limit);
  return {
    count,
    keyOf: (row) => `people/${String(row).padStart(7, '0')}.json`,
    /** Call it for each row once, in order: what is drawn depends on what was drawn before. */
    bodyOf: (row) => {
      const joined = new Date(Date.UTC(2015, 0, 1) + below(10 * 365) * 86_400_000 + below(86_400) * 1000);
      const rating = 1 + below(10);
      return JSON.stringify({
        name: `${NAMES[skewed(NAMES.length)]} ${below(100_000)}`,
        email: `user${row}@example.com`,
        department: DEPARTMENTS[skewed(DEPARTMENTS.length)],
        city: `City ${skewed(500)}`,
        salary: 30_000 + skewed(200_000),
        rating: below(100) === 0 ? `${rating} of 10` : rating,
        active: below(10) > 0,
        joined: joined.toISOString().replace('.000', ''),
        score: Math.round(random() * 1e6) / 1e4,
        ...(below(10) < 3 ? {} : { level: below(6) }),
        tags: Array.from({ length: below(4) }, () => TAGS[skewed(TAGS.length)]),
        address: { zip: String(10_000 + below(90_000)), country: COUNTRIES[skewed(COUNTRIES.length)] },
      });
    },
  };
}

const DEPARTMENTS = ['Engineering', 'Sales', 'Support', 'Marketing', 'Finance', 'Legal', 'People', 'Research'];
const NAMES = [
  'Ada',
  'Grace',
  'Edsger',
  'Barbara',
  'Donald',
  'Frances',
  'John',
  'Hedy',
  'Alan',
  'Radia',
  'Tony',
  'Lynn',
];
const TAGS = ['new', 'remote', 'lead', 'mentor', 'part-time', 'contract', 'on-call', 'intern'];
const COUNTRIES = ['US', 'DE', 'FR', 'IN', 'BR', 'JP', 'GB', 'NG', 'PL', 'CA'];

/** Mulberry32: enough for data that only has to be the same again. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
