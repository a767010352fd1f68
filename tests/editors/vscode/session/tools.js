// What the sessions share: waiting, opening, asking VS Code what it would ask irlens, and the report at the end.
'use strict';
const fs = require('node:fs');
const vscode = require('vscode');

const WAIT_MS = 60_000;
const LONGEST_MS = 240_000;

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

function here(name) {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, name);
}

async function open(name, column) {
  const document = await vscode.workspace.openTextDocument(here(name));
  await vscode.window.showTextDocument(document, column);
  return document;
}

function find(document, text) {
  const offset = document.getText().indexOf(text);
  if (offset < 0) {
    throw new Error(`no such text: ${text}`);
  }
  return document.positionAt(offset);
}

const said = (document) => vscode.languages.getDiagnostics(document.uri).filter((found) => found.source === 'irlens');
const isHint = (found) => found.severity === vscode.DiagnosticSeverity.Hint;
// What irlens finds wrong, and what it only points out.
const own = (document) => said(document).filter((found) => !isHint(found));
const hints = (document) => said(document).filter(isHint);

// Hover as the user is told to: again, until all is measured and predicted.
async function hover(document, position) {
  return until('a whole hover', async () => {
    const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position);
    const text = hovers.flatMap((one) => one.contents.map((part) => part.value ?? part)).join('\n');
    return text && !/measuring…|predicting…/.test(text) ? text : undefined;
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

// Process ids of the servers so far, in the order of their starts.
function pids() {
  const file = process.env.IRLENS_PID_FILE;
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map(Number) : [];
}

// A session's `run`: what it saw goes to a JSON file, and what went wrong with it.
function reporting(seen, session) {
  return async () => {
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`not at its end after ${LONGEST_MS / 1000} s`)), LONGEST_MS).unref();
    });
    try {
      await Promise.race([session(), late]);
    } catch (error) {
      seen.problem = String(error?.stack ?? error);
    }
    const report = process.env.IRLENS_REPORT;
    fs.writeFileSync(`${report}.part`, JSON.stringify(seen));
    fs.renameSync(`${report}.part`, report);
  };
}

module.exports = { until, here, open, find, own, hints, hover, actions, take, pids, reporting };
