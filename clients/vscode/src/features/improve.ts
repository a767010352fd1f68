/** Optimise for size: what was measured, a diff, and only then the edit, which one undo takes back. */
import * as vscode from 'vscode';
import * as say from '../say';
import { isIr, nameOf } from '../documents';
import type { Jobs } from '../jobs';
import { tune } from '../protocol';
import type { VirtualDocuments } from '../virtual';
import { documentOf, type Target } from './lift';

export async function optimise(jobs: Jobs, texts: VirtualDocuments, target?: Target): Promise<void> {
  const document = await documentOf(target);
  if (!document || !isIr(document)) {
    void say.info('irlens: open an LLVM IR file (.ll) to optimise it.');
    return;
  }
  const { version } = document;
  const tuned = await jobs.ask(`Optimise ${nameOf(document.uri)} for size`, tune, { uri: document.uri.toString() });
  if (!tuned) {
    return;
  }
  if (tuned.text === null) {
    void say.info(`irlens: ${tuned.message}`);
    return;
  }
  const text = document.eol === vscode.EndOfLine.CRLF ? tuned.text.replace(/\r?\n/g, '\r\n') : tuned.text;
  const after = texts.put(document.uri.path, `optimised ${document.uri}`, text);
  await vscode.commands.executeCommand('vscode.diff', document.uri, after, `${nameOf(document.uri)}: now ↔ optimised for size`);
  const apply = 'Apply';
  const note = tuned.model?.note ? ` The model: ${tuned.model.note}.` : '';
  const chosen = await say.info(`irlens: ${tuned.message}${note}`, apply, 'Discard');
  if (chosen !== apply) {
    return;
  }
  if (document.version !== version) {
    void say.warn('irlens: the text changed meanwhile, so nothing was applied. Optimise again.');
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { preview: false });
}
