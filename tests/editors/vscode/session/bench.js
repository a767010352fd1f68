// What a user feels on a long module: times in the extension host, from what VS Code is told to what it has.
'use strict';
const vscode = require('vscode');
const { until, open, find, own, hover, reporting } = require('./tools');

const seen = { seconds: {} };
const EDITS = 20;

async function timed(name, part) {
  const start = performance.now();
  const result = await part();
  seen.seconds[name] = (performance.now() - start) / 1000;
  return result;
}

exports.run = reporting(seen, async () => {
  const small = await open('sum.s');
  const extension = vscode.extensions.getExtension('irlens.irlens');
  await until('activation', () => extension.isActive);
  await hover(small, find(small, 'sum:')); // the server is up, its workers are warm

  // The module has one error, behind its last function.
  const long = await timed('open to first diagnostics', async () => {
    const document = await open('long.ll');
    await until('diagnostics', () => own(document).length > 0);
    return document;
  });
  seen.lines = long.lineCount;
  await timed('hover', () => hover(long, find(long, '@f1(')));

  // One letter after the other into a comment, then one that makes the error another one.
  const type = async (line, text) => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(long.uri, new vscode.Position(line, 0), text);
    await vscode.workspace.applyEdit(edit);
  };
  await type(0, ';\n');
  const spent = [];
  for (let letter = 0; letter < EDITS; letter += 1) {
    const start = performance.now();
    await type(0, ';');
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', small.uri);
    spent.push((performance.now() - start) / 1000);
  }
  seen.seconds['a letter, and an answer about another file'] = spent.sort((a, b) => a - b)[EDITS - 2];
  await timed('last letter to its diagnostics', async () => {
    await type(0, ';\n');
    await until('diagnostics of the last text', () => own(long)[0]?.range.start.line === long.lineCount - 3);
  });

  await open('sum.s');
  await timed('lift to its result', async () => {
    const lift = vscode.commands.executeCommand('irlens.liftFunction', { uri: small.uri.toString(), function: 'sum' });
    await timed('lift to the model at work', () => until('the model', () => extension.exports.status().some((line) => line.startsWith('Busy. The model is'))));
    await lift;
  });
});
