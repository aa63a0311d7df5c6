/**
 * What the grammar colours already, and more finely: statements apart from `for` and `let`, escapes within strings. Of the server's tokens an editor
 * with the grammar wants the others: what a name is.
 */
export const COLOURED_BY_GRAMMAR: readonly string[] = ["keyword", "string", "number", "operator", "comment", "enumMember"];

const FIELDS = 5;

/**
 * Semantic tokens without those of some types. Each token is five numbers, of which the first two count from the token before it.
 *
 * @param types the names of the types, in the order of the server's legend
 */
export function withoutTypes(data: Uint32Array, types: readonly string[], without: readonly string[]): Uint32Array {
  const kept: number[] = [];
  let line = 0;
  let character = 0;
  let lastLine = 0;
  let lastCharacter = 0;
  for (let i = 0; i + FIELDS <= data.length; i += FIELDS) {
    const [lines, characters, length, type, modifiers] = data.subarray(i, i + FIELDS);
    character = lines === 0 ? character + characters : characters;
    line += lines;
    if (without.includes(types[type])) continue;
    kept.push(line - lastLine, line === lastLine ? character - lastCharacter : character, length, type, modifiers);
    lastLine = line;
    lastCharacter = character;
  }
  return Uint32Array.from(kept);
}
