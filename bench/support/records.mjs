/**
 * The records that every peer moves: JSON objects of exactly `size` bytes under keys in no order, the same in every
 * run.
 */
export function* recordsOf(count, size) {
  for (let number = 0; number < count; number += 1) {
    const id = scattered(number).toString(16).padStart(8, '0');
    const record = `{"id":"${id}","number":${number},"name":"Record ${number}","active":${number % 2 === 0},"text":"`;
    yield { id, key: `${id}.json`, body: `${record}${'x'.repeat(size - record.length - 2)}"}` };
  }
}

/** A permutation of the 32-bit integers (the finaliser of MurmurHash3), so that no two keys are alike. */
function scattered(number) {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
