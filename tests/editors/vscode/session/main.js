// One sitting in VS Code's extension host, with irlens installed as a user would: open files, look, use. What was
// seen goes to a JSON file; test_vscode_session.py judges it. Nothing here sleeps for its own sake: `until` polls.
'use strict';
const vscode = require('vscode');
const { until, open, find, own, hover, actions, take, pids, reporting } = require('./tools');

const seen = { vscode: vscode.version };

async function editing() {
  const extension = vscode.extensions.getExtension('irlens.irlens');
  seen.installed = Boolean(extension);

  // A broken module: the error's place, in UTF-16 units behind an emoji.
  const broken = await open('broken.ll');
  seen.languages = { 'broken.ll': broken.languageId };
  await until('activation', () => extension.isActive);
  const [error] = await until('diagnostics', () => (own(broken).length > 0 ? own(broken) : undefined));
  seen.error = {
    line: error.range.start.line,
    column: error.range.start.character,
    message: error.message,
    severity: error.severity,
  };
  seen.errors = own(broken).length;

  // Mended: the error goes.
  const start = find(broken, '%missing');
  const mend = new vscode.WorkspaceEdit();
  mend.replace(broken.uri, new vscode.Range(start, start.translate(0, '%missing'.length)), '%a');
  await vscode.workspace.applyEdit(mend);
  await until('the error to go', () => own(broken).length === 0);

  seen.hover = await hover(broken, find(broken, '@weigh'));
  const before = broken.getText();
  const offered = await actions(broken, find(broken, '@weigh'), 10);
  seen.actionsLl = offered.map((action) => action.title);
  await take(offered.find((action) => action.title.includes('-Oz')));
  await until('the module to change', () => !broken.getText().includes('alloca'));
  seen.afterOz = broken.getText();
  await vscode.commands.executeCommand('undo');
  seen.undoneInOneStep = broken.getText() === before;
  return extension;
}

// The server's life: one new server for many restarts, one for a death, none for a loop of deaths.
async function living(extension) {
  const started = pids().length;
  const restarts = [1, 2, 3, 4, 5].map(() => vscode.commands.executeCommand('irlens.restart'));
  await Promise.all(restarts);
  seen.startsOfFiveRestarts = pids().length - started;

  const asm = await open('sum.s');
  seen.languages['sum.s'] = asm.languageId;
  seen.hoverS = await hover(asm, find(asm, 'sum:'));

  process.kill(pids().at(-1), 'SIGKILL');
  await until('a server after the death of one', () => pids().length === started + seen.startsOfFiveRestarts + 1);
  seen.hoverAfterDeath = await hover(asm, find(asm, 'sum:'));

  const running = () => extension.exports.status().join(' ');
  for (let deaths = 1; !running().includes('not running'); deaths += 1) {
    if (deaths > 8) {
      throw new Error('a server that always dies is started for ever');
    }
    const last = pids().at(-1);
    process.kill(last, 'SIGKILL');
    await until('another server, or an end', () => pids().at(-1) !== last || running().includes('not running'));
    await until('it to run', () => !running().includes('starting'));
  }
  seen.loop = running();
  await vscode.commands.executeCommand('irlens.restart');
  seen.hoverAfterLoop = await hover(asm, find(asm, 'sum:'));
}

async function lifting() {
  const asm = await open('sum.s');
  const [lift] = await actions(asm, find(asm, 'addl'), 1);
  seen.actionsS = [lift.title];
  await take(lift);
  await until('the lifted module', () => {
    const now = vscode.window.activeTextEditor?.document;
    return now && now.uri.toString() !== asm.uri.toString() && now.getText() !== '';
  });
  const lifted = vscode.window.activeTextEditor.document;
  seen.lifted = { name: lifted.uri.path.split('/').pop(), language: lifted.languageId, text: lifted.getText() };
}

exports.run = reporting(seen, async () => {
  const extension = await editing();
  await lifting();
  await living(extension);
  await vscode.commands.executeCommand('irlens.versions');
  seen.versions = vscode.window.activeTextEditor.document.getText();
});
