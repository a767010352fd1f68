// One sitting in VS Code's extension host, with irlens installed as a user would: open files, look, use. What was
// seen goes to a JSON file; test_vscode.py judges it. Nothing here sleeps for its own sake: `until` polls.
'use strict';
const fs = require('node:fs');
const vscode = require('vscode');

const WAIT_MS = 60_000;
const seen = { vscode: vscode.version };

async function until(what, look) {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const value = await look();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function open(name) {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, name);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

function find(document, text) {
  const offset = document.getText().indexOf(text);
  if (offset < 0) {
    throw new Error(`no such text: ${text}`);
  }
  return document.positionAt(offset);
}

const own = (document) => vscode.languages.getDiagnostics(document.uri).filter((found) => found.source === 'irlens');

// Hover as the user is told to: again, until what was on its way has come.
async function hover(document, position) {
  return until('a whole hover', async () => {
    const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position);
    const text = hovers.flatMap((one) => one.contents.map((part) => part.value ?? part)).join('\n');
    return text && !text.includes('hover again') ? text : undefined;
  });
}

// The actions at a place; `resolve` of them are resolved, as choosing one does.
async function actions(document, position, resolve = 0) {
  const range = new vscode.Range(position, position);
  const kind = undefined;
  return until('code actions', async () => {
    const all = await vscode.commands.executeCommand(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
      kind,
      resolve,
    );
    const ours = all.filter((action) => /Oz|size|Lift/.test(action.title));
    return ours.length > 0 ? ours : undefined;
  });
}

async function take(action) {
  if (action.edit && !(await vscode.workspace.applyEdit(action.edit))) {
    throw new Error(`the edit of ${action.title} was not applied`);
  }
  if (action.command) {
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
  }
}

async function session() {
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
  const offered = await actions(broken, find(broken, '@weigh'), 10);
  seen.actionsLl = offered.map((action) => action.title);
  await take(offered.find((action) => action.title.includes('-Oz')));
  await until('the module to change', () => !broken.getText().includes('alloca'));
  seen.afterOz = broken.getText();

  // A new server after a restart: it sees the same.
  await vscode.commands.executeCommand('irlens.restart');
  const asm = await open('sum.s');
  seen.languages['sum.s'] = asm.languageId;
  seen.hoverS = await hover(asm, find(asm, 'sum:'));

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

exports.run = async () => {
  try {
    await session();
  } catch (error) {
    seen.problem = String(error?.stack ?? error);
  }
  const report = process.env.IRLENS_REPORT;
  fs.writeFileSync(`${report}.part`, JSON.stringify(seen));
  fs.renameSync(`${report}.part`, report);
};
