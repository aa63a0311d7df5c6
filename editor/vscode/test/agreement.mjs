// Compares the grammar with the program's own lexer: node test/agreement.mjs PIECES.json, which ExtensionTest writes.
import fs from "node:fs";
import { createRequire } from "node:module";
import textmate from "vscode-textmate";
import oniguruma from "vscode-oniguruma";

/** What a piece of a kind may be in the grammar: beginnings of scopes, of which its innermost or an outer one is one. */
const KEY = "variable.parameter.option";
const NAMES = ["variable.", "entity.", "constant.other.option", "support.function.builtin"];
const EXPECTED = {
  STATEMENT: ["support.function.statement", ...NAMES],
  KEYWORD: ["keyword.control", "storage.type", "support.function.statement", KEY],
  SOFT: ["support.function.statement", "keyword.control", "storage.type", ...NAMES],
  CONNECTIVE: ["keyword.operator.word", KEY],
  CONSTANT: ["constant.language", KEY],
  WORD: [...NAMES, "keyword.operator.range", "constant.numeric"],
  NUMBER: ["constant.numeric", "entity.other.attribute-name.span"],
  PORT: ["punctuation.definition.port", "storage.modifier.port"],
  ARROW: ["keyword.operator.arrow.edge"],
  AT: ["keyword.operator.span"],
  OPERATOR: ["keyword.operator", "variable.other.enummember.node"],
  ASSIGN: ["keyword.operator.assignment"],
  DOT: ["punctuation.accessor", "variable.other.property"],
  COMMA: ["punctuation.separator"],
  SEMICOLON: ["punctuation.terminator"],
  OPEN_ROUND: ["punctuation.section"],
  CLOSE_ROUND: ["punctuation.section"],
  OPEN_BRACE: ["punctuation.section.braces"],
  CLOSE_BRACE: ["punctuation.section.braces", "punctuation.definition.template-expression.end"],
  HOLE: ["punctuation.definition.template-expression.begin"],
  QUOTE: ["punctuation.definition.string.begin"],
  QUOTE_END: ["punctuation.definition.string.end"],
  TEXT: ["string.quoted", "storage.type.format", "constant.character"],
  COMMENT: ["comment.line"],
  WRONG: ["invalid.illegal"],
};

const wasm = fs.readFileSync(createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm"));
await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
const file = new URL("../syntaxes/circuitscript.tmLanguage.json", import.meta.url);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(file, "utf8"), "grammar.json"),
});
const grammar = await registry.loadGrammar("source.circuitscript");

/** The scopes at each place of a text. */
function scopesOf(text) {
  const scopes = [];
  let state = textmate.INITIAL;
  let at = 0;
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const token of result.tokens) {
      for (let i = token.startIndex; i < token.endIndex && i <= line.length; i++) scopes[at + i] = token.scopes;
    }
    at += line.length + 1;
  }
  return scopes;
}

let compared = 0;
let wrong = 0;
for (const { name, text, pieces } of JSON.parse(fs.readFileSync(process.argv[2], "utf8"))) {
  const scopes = scopesOf(text);
  for (const piece of pieces) {
    const expected = EXPECTED[piece.kind];
    if (expected === undefined) continue; // Space and line ends.
    for (let i = 0; i < piece.text.length; i++) {
      const there = scopes[piece.start + i] ?? [];
      compared++;
      if (there.some((scope) => expected.some((it) => scope.startsWith(it)))) continue;
      if (wrong++ < 20) console.log(`${name}: ${piece.kind} ${JSON.stringify(piece.text)} at ${piece.start + i} is ${there.slice(1).join(" ")}`);
      break;
    }
  }
}
console.log(`${compared} characters compared, ${wrong} pieces differ`);
process.exit(wrong === 0 && compared > 0 ? 0 : 1);
