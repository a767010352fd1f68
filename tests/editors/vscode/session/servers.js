// A sitting with servers that are not as they should be, one after the other; the file that IRLENS_TEST_MODE names
// says which one starts next. First a good one, of which every message is kept: what is asked for without the user's
// doing?
'use strict';
const fs = require('node:fs');
const vscode = require('vscode');
const { until, open, find, own, hover, reporting } = require('./tools');

const seen = {};
const status = () => vscode.extensions.getExtension('irlens.irlens').exports.status().join(' ');

async function next(mode) {
  fs.writeFileSync(process.env.IRLENS_TEST_MODE, mode);
  await vscode.commands.executeCommand('irlens.restart');
}

async function column(document) {
  const [error] = await until('diagnostics', () => (own(document).length > 0 ? own(document) : undefined));
  return error.range.start.character;
}

exports.run = reporting(seen, async () => {
  // Look, move about, type; nothing is asked for by name.
  const broken = await open('broken.ll');
  const extension = vscode.extensions.getExtension('irlens.irlens');
  await until('activation', () => extension.isActive);
  seen.column = await column(broken);
  await hover(broken, find(broken, '@weigh'));
  const typed = new vscode.WorkspaceEdit();
  typed.insert(broken.uri, new vscode.Position(0, 0), '; typed\n');
  await vscode.workspace.applyEdit(typed);
  const asm = await open('sum.s');
  await hover(asm, find(asm, 'sum:'));
  vscode.window.activeTextEditor.selection = new vscode.Selection(8, 0, 9, 0);
  await until('the model to be named', () => status().includes('Model: '));
  seen.idle = status();

  // One that prints before it speaks.
  await next('stray');
  seen.stray = status();

  // One that counts columns in code points.
  await next('points');
  await open('broken.ll');
  seen.pointColumn = await until('the wrong column', async () => {
    const now = await column(broken);
    return now === seen.column ? undefined : now;
  });

  // One that takes a lift and never says a word of it: the cancel ends the wait.
  await next('deaf');
  await open('sum.s');
  const lift = vscode.commands.executeCommand('irlens.liftFunction', { uri: asm.uri.toString(), function: 'sum' });
  await until('the lift to be under way', () => status().includes('Busy'));
  const started = Date.now();
  seen.stopped = await vscode.commands.executeCommand('irlens.stopJobs');
  await lift;
  seen.deafTook = Date.now() - started;

  // One that never says anything.
  await next('silent');
  seen.silent = status();

  // And after all of them a good one.
  await next('good');
  seen.hoverAtLast = await hover(asm, find(asm, 'sum:'));
});
