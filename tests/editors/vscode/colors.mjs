// The color that VS Code gives to words of a text, by its own tokenizer and themes:
//
//   node colors.mjs CODE_SERVER THEME SCOPE GRAMMAR < {"lines": [...], "words": [[line, word], ...]}
//
// CODE_SERVER is the folder of VS Code's server, THEME a file name of its default themes. Prints a JSON list with a color
// for each word, as the theme writes it in capitals, and last the color of plain text.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const [folder, themeName, scopeName, grammarFile] = process.argv.slice(2);
const require = createRequire(path.join(folder, 'package.json'));
const { Registry, INITIAL } = require('vscode-textmate');
const oniguruma = require('vscode-oniguruma');

const themes = path.join(folder, 'extensions', 'theme-defaults', 'themes');
const json = (text) => JSON.parse(text.replace(/^\s*\/\/.*$/gm, '').replace(/,(\s*[}\]])/g, '$1'));

// Rules of a theme, those of the theme that it is built on first.
function rulesOf(name) {
  const theme = json(fs.readFileSync(path.join(themes, name), 'utf8'));
  return [...(theme.include ? rulesOf(theme.include) : []), ...(theme.tokenColors ?? [])];
}

const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
await oniguruma.loadWASM(wasm);
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  theme: { settings: [{ settings: { foreground: '#123456' } }, ...rulesOf(themeName)] },
  loadGrammar: async (name) => (name === scopeName ? JSON.parse(fs.readFileSync(grammarFile, 'utf8')) : null),
});
const grammar = await registry.loadGrammar(scopeName);
const { lines, words } = JSON.parse(fs.readFileSync(0, 'utf8'));
const colors = registry.getColorMap();
const colorsOf = []; // of each line: start and color of its tokens, in turn
let state = INITIAL;
for (const line of lines) {
  const { tokens, ruleStack } = grammar.tokenizeLine2(line, state);
  state = ruleStack;
  colorsOf.push(tokens);
}
const colorAt = (line, column) => {
  const tokens = colorsOf[line];
  let found = 0;
  for (let at = 0; at < tokens.length && tokens[at] <= column; at += 2) {
    found = (tokens[at + 1] >>> 15) & 0x1ff;
  }
  return colors[found];
};
const answer = words.map(([line, word]) => {
  const column = lines[line].indexOf(word);
  if (column < 0) {
    throw new Error(`line ${line} has no ${word}`);
  }
  return colorAt(line, column);
});
process.stdout.write(JSON.stringify([...answer, '#123456']));
