/** Lift: which function, the request under its progress, and the result in its preview. */
import * as vscode from 'vscode';
import * as say from '../say';
import { isAssembly } from '../documents';
import type { Jobs } from '../jobs';
import { lift as liftRequest } from '../protocol';
import type { StatusItem } from '../status';
import type { Previews } from './preview';

/** What an action or a lens names; without it the function at the cursor is meant. */
export interface Target {
  readonly uri: string;
  readonly function?: string;
}

export async function lift(jobs: Jobs, previews: Previews, status: StatusItem, target?: Target): Promise<void> {
  const document = await documentOf(target);
  if (!document || !isAssembly(document)) {
    void say.info('irlens: open an assembly file (.s) and put the cursor into a function to lift it.');
    return;
  }
  const name = jobs.hasServer() && (target?.function || (await functionAtCursor(document)));
  if (!name) {
    return;
  }
  const lifted = await jobs.ask(`Lift ${name}`, liftRequest, { uri: document.uri.toString(), function: name });
  if (!lifted) {
    return;
  }
  if (lifted.candidates.length === 0) {
    void say.warn(`irlens: ${lifted.why}`);
    await tellOfModel(status);
    return;
  }
  await previews.show(document, lifted);
  await tellOfModel(status);
}

/** Troubles of the model that the user knows of. */
const told = new Set<string>();

/** A lift without its model is a mechanical one; why, is said once, when it matters. */
async function tellOfModel(status: StatusItem): Promise<void> {
  const trouble = status.modelTrouble('lift');
  if (!trouble || told.has(trouble)) {
    return;
  }
  told.add(trouble);
  const choose = 'Choose Model…';
  if ((await say.warn(`irlens: the model cannot be used, so the lift is mechanical. ${trouble}`, choose)) === choose) {
    await vscode.commands.executeCommand('irlens.chooseModel');
  }
}

export async function documentOf(target?: Target): Promise<vscode.TextDocument | undefined> {
  return typeof target?.uri === 'string'
    ? vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri))
    : vscode.window.activeTextEditor?.document;
}

/** The name of the function that the cursor is in; where it is in none, the user chooses. */
export async function functionAtCursor(document: vscode.TextDocument): Promise<string | undefined> {
  const symbols = await functionsOf(document);
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  const line = editor?.selection.active.line ?? 0;
  const found = symbols.find((symbol) => symbol.range.start.line <= line && line <= symbol.range.end.line);
  if (found) {
    return found.name;
  }
  if (symbols.length === 0) {
    void say.info('irlens: there is no function in this file.');
    return undefined;
  }
  return vscode.window.showQuickPick(
    symbols.map((symbol) => say.label(symbol.name)),
    { title: 'Which function?' },
  );
}

/** The functions that a file defines. */
export async function functionsOf(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
  const found = await vscode.commands.executeCommand<(vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  // Another extension may give symbols too; ours are functions that say how many instructions they have.
  return (found ?? []).filter(
    (symbol): symbol is vscode.DocumentSymbol =>
      'children' in symbol && symbol.kind === vscode.SymbolKind.Function && /\binstructions?$/.test(symbol.detail),
  );
}
