import { resolveMembers, type JsonPath } from './find-node.ts';
import type { JsonNode, JsonObject } from './node.ts';
import type { JsonEdit } from './patch-json.ts';

/** The sources that the two trees were read from. */
export interface JsonTexts {
  readonly before: string;
  readonly after: string;
}

interface Pair {
  readonly before: JsonNode;
  readonly after: JsonNode;
  readonly place: Place | null;
}

/** A path, the last step first: a copy of the whole at each level would cost the square of the depth. */
interface Place {
  readonly step: string | number;
  readonly above: Place | null;
}

/**
 * The smallest set of value edits that turns `before` into `after`: objects are compared by name (their order is not),
 * lists by position, and replaced whole where their lengths differ. Numbers are the same where their digits are, strings
 * where their values are, however they are escaped.
 */
export function diffJson(before: JsonNode, after: JsonNode, texts: JsonTexts): JsonEdit[] {
  const edits: JsonEdit[] = [];
  const work: Pair[] = [{ before, after, place: null }];
  for (let pair = work.pop(); pair !== undefined; pair = work.pop()) {
    const { before: old, after: made, place } = pair;
    if (old.kind === 'object' && made.kind === 'object' && sameDuplicates(old, made, texts)) {
      const pairs: Pair[] = [];
      const oldValues = valuesByName(old);
      const madeMembers = resolveMembers(made);
      for (const { name, value } of madeMembers) {
        const inside = { step: name, above: place };
        const oldValue = oldValues.get(name);
        if (oldValue === undefined) {
          edits.push({ path: pathOf(inside), text: texts.after.slice(value.start, value.end) });
        } else {
          pairs.push({ before: oldValue, after: value, place: inside });
        }
      }
      const madeNames = new Set(madeMembers.map(({ name }) => name));
      for (const name of oldValues.keys()) {
        if (!madeNames.has(name)) edits.push({ path: pathOf({ step: name, above: place }), text: null });
      }
      for (const member of pairs.toReversed()) work.push(member);
    } else if (old.kind === 'array' && made.kind === 'array' && old.items.length === made.items.length) {
      const items = made.items;
      const pairs = old.items.flatMap((item, index) => {
        const other = items[index];
        return other === undefined ? [] : [{ before: item, after: other, place: { step: index, above: place } }];
      });
      for (const item of pairs.toReversed()) work.push(item);
    } else if (!sameValue(old, made, texts)) {
      edits.push({ path: pathOf(place), text: texts.after.slice(made.start, made.end) });
    }
  }
  return edits;
}

function pathOf(place: Place | null): JsonPath {
  const steps: (string | number)[] = [];
  for (let at = place; at !== null; at = at.above) steps.push(at.step);
  return steps.toReversed();
}

/** Of names that stand twice, the last one. */
function valuesByName({ members }: JsonObject): ReadonlyMap<string, JsonNode> {
  return new Map(members.map(({ name, value }): [string, JsonNode] => [name, value]));
}

/** Objects that name something twice are compared by name only where the hidden values are the same on both sides. */
function sameDuplicates(before: JsonObject, after: JsonObject, texts: JsonTexts): boolean {
  const old = hidden(before);
  const made = hidden(after);
  return (
    old.length === made.length &&
    old.every((member, index) => {
      const other = made[index];
      return other !== undefined && other.name === member.name && sameValue(member.value, other.value, texts);
    })
  );
}

function hidden(object: JsonObject): JsonObject['members'] {
  const seen = new Set<string>();
  const earlier: JsonObject['members'][number][] = [];
  for (const member of object.members.toReversed()) {
    if (seen.has(member.name)) earlier.push(member);
    seen.add(member.name);
  }
  return earlier;
}

/** The same whatever the blanks and escapes; the order of members counts here. */
function sameValue(before: JsonNode, after: JsonNode, texts: JsonTexts): boolean {
  const work: { readonly old: JsonNode; readonly made: JsonNode }[] = [{ old: before, made: after }];
  for (let pair = work.pop(); pair !== undefined; pair = work.pop()) {
    const { old, made } = pair;
    if (old.kind === 'object' && made.kind === 'object') {
      if (old.members.length !== made.members.length) return false;
      for (const [index, member] of old.members.entries()) {
        const other = made.members[index];
        if (other === undefined || other.name !== member.name) return false;
        work.push({ old: member.value, made: other.value });
      }
    } else if (old.kind === 'array' && made.kind === 'array') {
      if (old.items.length !== made.items.length) return false;
      for (const [index, item] of old.items.entries()) {
        const other = made.items[index];
        if (other === undefined) return false;
        work.push({ old: item, made: other });
      }
    } else if (old.kind === 'string' && made.kind === 'string') {
      if (old.value !== made.value) return false;
    } else if (
      old.kind !== made.kind ||
      texts.before.slice(old.start, old.end) !== texts.after.slice(made.start, made.end)
    ) {
      return false;
    }
  }
  return true;
}
