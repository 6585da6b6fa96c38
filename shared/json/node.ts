/**
 * A JSON value with the span of its text. Spans are UTF-16 offsets into the text that was read: `text.slice(start, end)`
 * is exactly what the object says. Depth is unbounded, so every walk over a tree is a loop, never a recursion.
 */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull;

export interface JsonObject {
  readonly kind: 'object';
  readonly start: number;
  readonly end: number;
  /** In the order of the text, duplicates included: the last one of a name counts, as in Python and JavaScript. */
  readonly members: readonly JsonMember[];
}

export interface JsonMember {
  readonly name: string;
  /** Span of the name with its quotes. */
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly value: JsonNode;
}

export interface JsonArray {
  readonly kind: 'array';
  readonly start: number;
  readonly end: number;
  readonly items: readonly JsonNode[];
}

export interface JsonString {
  readonly kind: 'string';
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

export interface JsonNumber {
  readonly kind: 'number';
  readonly start: number;
  readonly end: number;
  /** Digits as written; also `NaN`, `Infinity`, `-Infinity`, which Python's json writes and reads. */
  readonly text: string;
}

export interface JsonBoolean {
  readonly kind: 'boolean';
  readonly start: number;
  readonly end: number;
  readonly value: boolean;
}

export interface JsonNull {
  readonly kind: 'null';
  readonly start: number;
  readonly end: number;
}
