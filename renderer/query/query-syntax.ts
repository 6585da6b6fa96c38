/** How conditions are written as text: examples, and what else there is of their kind. */
export const QUERY_SYNTAX: readonly (readonly [string, string])[] = [
  ['rating >= 8', '= != > >= < <='],
  ['title = "Heat"', 'texts stand in double quotes'],
  ['genre in ("Drama", "War")', 'not in, any of, all of'],
  ['title like "%war%"', 'regex, starts with, ends with, contains'],
  ['gross between 1 and 5', 'both ends included'],
  ['mpaa not exists', 'exists, is empty, type is string'],
  ['cast length > 3', 'of a text, a list, an object'],
  ['released within last 7 days', 'minutes to years'],
  ['a > 1 and (b = 2 or not c = 3)', 'and binds tighter than or'],
  ['cast[0] = "Al Pacino"', 'a place in a list, from 0'],
  ['["x.y"] = 1', 'a name with a dot in it'],
  ['`odd name` = 1', 'any other name'],
  ['@size > 1000', 'what S3 says; also @key, @etag'],
  ['@tag.reviewed = "yes"', 'a tag of the object'],
  ['@any "war"', 'a word in any field'],
  ['a > 1 /* and gross > 1 */', 'what is switched off'],
];
