/**
 * Compare the function at the cursor, or the whole file, with another one: do they do the same? The answer is a page with
 * the verdict in words and, where they differ, an input that shows it.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import { isOurs, nameOf } from '../documents';
import type { Jobs } from '../jobs';
import { compare as compareRequest } from '../protocol';
import type { VirtualDocuments } from '../virtual';
import { documentOf, functionsOf, type Target } from './lift';

/** What a caller may name, so that nothing is asked. */
export interface Comparison extends Target {
  readonly other?: string;
  readonly otherFunction?: string;
}

interface Entry extends vscode.QuickPickItem {
  readonly other?: vscode.Uri;
  readonly function?: string;
  readonly opens?: boolean;
}

export async function compare(jobs: Jobs, texts: VirtualDocuments, target?: Comparison): Promise<void> {
  const document = await documentOf(target);
  if (!document || !isOurs(document)) {
    void say.info('irlens: open an LLVM IR (.ll) or assembly (.s) file, and put the cursor into a function to compare it.');
    return;
  }
  if (!jobs.hasServer()) {
    return;
  }
  const name = target?.function ?? (await atCursor(document));
  const chosen: Entry | undefined = target?.other
    ? { label: '', other: vscode.Uri.parse(target.other), ...(target.otherFunction ? { function: target.otherFunction } : {}) }
    : await choose(document, name);
  if (!chosen?.other) {
    return;
  }
  const answer = await jobs.ask(`Compare ${name ?? nameOf(document.uri)}`, compareRequest, {
    uri: document.uri.toString(),
    other: chosen.other.toString(),
    ...(name ? { function: name } : {}),
    ...(chosen.function ? { otherFunction: chosen.function } : {}),
  });
  if (!answer) {
    return;
  }
  const page = texts.put(say.fileName(`Compare ${name ?? nameOf(document.uri)}.md`), chosen.other.toString(), answer.text);
  await vscode.workspace.openTextDocument(page);
  await vscode.commands.executeCommand('markdown.showPreview', page);
}

async function atCursor(document: vscode.TextDocument): Promise<string | undefined> {
  const line = vscode.window.visibleTextEditors.find((one) => one.document === document)?.selection.active.line ?? -1;
  return (await functionsOf(document)).find(({ range }) => range.start.line <= line && line <= range.end.line)?.name;
}

/** With what: another function of this file, or another file, open or not; of that, where it has none of the name, which. */
async function choose(document: vscode.TextDocument, name: string | undefined): Promise<Entry | undefined> {
  const entries: Entry[] = [];
  const here = await functionsOf(document);
  const others = here.filter((one) => one.name !== name).map((one) => one.name);
  if (name) {
    // A pair in one file is named src and tgt, as Alive2 does.
    const partner = name.startsWith('src') ? `tgt${name.slice(3)}` : name.startsWith('tgt') ? `src${name.slice(3)}` : '';
    others.sort((a, b) => Number(b === partner) - Number(a === partner));
    entries.push(...others.map((other) => ({ label: say.label(other), description: 'this file', other: document.uri, function: other })));
  } else if (here.some((one) => one.name.startsWith('src'))) {
    entries.push({ label: 'src and tgt', description: 'this file', other: document.uri });
  }
  const open = vscode.workspace.textDocuments.filter((one) => one !== document && isOurs(one) && ['file', 'untitled', 'irlens-object'].includes(one.uri.scheme));
  entries.push(...open.map((one) => ({ label: say.label(nameOf(one.uri)), description: 'open', other: one.uri })));
  entries.push({ label: '$(folder-opened) Choose a File…', opens: true });
  const chosen = await vscode.window.showQuickPick(entries, {
    title: `Compare ${say.label(name ?? nameOf(document.uri))} with`,
    placeHolder: name ? 'A function of this file, or a file that has its other version' : 'The file with the other versions; functions of one name are compared',
  });
  const other = chosen?.opens ? await chooseFile() : chosen?.other;
  if (!other || !name || chosen?.function) {
    return other && { ...(chosen as Entry), other };
  }
  const there = (await functionsOf(await vscode.workspace.openTextDocument(other))).map((one) => one.name);
  if (there.length === 0 || there.includes(name)) {
    return { label: '', other };
  }
  const picked = await vscode.window.showQuickPick(
    there.map((one) => say.label(one)),
    { title: `Compare ${say.label(name)} with which function?` },
  );
  return picked === undefined ? undefined : { label: '', other, function: picked };
}

async function chooseFile(): Promise<vscode.Uri | undefined> {
  const filters = { 'LLVM IR and assembly': ['ll', 's', 'S', 'asm'] };
  const [file] = (await vscode.window.showOpenDialog({ title: 'Compare with Which File?', openLabel: 'Compare', filters })) ?? [];
  if (file) {
    await vscode.workspace.openTextDocument(file);
  }
  return file;
}
