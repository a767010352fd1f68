// A sitting in a workspace that nobody trusts, whose settings and files try to have something run.
'use strict';
const vscode = require('vscode');
const { until, here, open, find, hover, reporting } = require('./tools');

const seen = {};

exports.run = reporting(seen, async () => {
  seen.trusted = vscode.workspace.isTrusted;
  const asm = await open('sum.s');
  const extension = vscode.extensions.getExtension('irlens.irlens');
  await until('activation', () => extension.isActive);
  seen.hover = await hover(asm, find(asm, 'sum:'));
  await until('the model to be named', () => extension.exports.status().some((line) => line.startsWith('Model: ')));
  seen.status = extension.exports.status();
  const settings = vscode.workspace.getConfiguration('irlens');
  seen.settings = Object.fromEntries(
    ['model.path', 'llvm.opt', 'llvm.assembler', 'serverPath', 'python'].map((name) => [name, settings.get(name) ?? null]),
  );
  await vscode.commands.executeCommand('irlens.disassemble', here('made.o'));
  seen.listing = vscode.window.activeTextEditor.document.getText();
  // With no server named there is none to start but the bundled one, for which a Python is looked for.
  await vscode.commands.executeCommand('irlens.versions');
  seen.versions = vscode.window.activeTextEditor.document.getText();
});
