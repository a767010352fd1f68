/**
 * The result of a lift, beside its source: read-only, with its verdict in words and what can be done with it.
 *
 * Save and Insert are there only for what is shown to do the same as the assembly. Anything else is to be looked
 * at: the server offers no edit for it, and so do we not.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import { isIr, nameOf } from '../documents';
import type { Candidate, Lifted } from '../protocol';
import { VirtualDocuments } from '../virtual';

export const SCHEME = 'irlens-lift';

interface Preview {
  readonly uri: vscode.Uri;
  readonly source: vscode.Uri;
  /** The source's text as it was lifted. */
  readonly text: string;
  /** The version of the source that was last compared with it, and whether it was another text. */
  compared: { readonly version: number; readonly isStale: boolean };
  readonly lifted: Lifted;
  index: number;
}

export class Previews implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly documents = new VirtualDocuments(SCHEME);
  private readonly previews = new Map<string, Preview>();
  private latest: Preview | undefined;
  private readonly lensesChanged = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.lensesChanged.event;
  private readonly registered: vscode.Disposable[];

  constructor(private readonly texts: VirtualDocuments) {
    const command = (name: string, run: (preview: Preview) => unknown) =>
      vscode.commands.registerCommand(`irlens.lift.${name}`, () => this.with(run));
    this.registered = [
      this.documents,
      vscode.languages.registerCodeLensProvider({ scheme: SCHEME }, this),
      vscode.window.onDidChangeActiveTextEditor(() => this.tellContext()),
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document.uri.scheme !== SCHEME && this.latest) {
          this.lensesChanged.fire(); // the source may have moved on
        }
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
      command('save', (preview) => this.save(preview)),
      command('insert', (preview) => this.insert(preview)),
      command('copy', (preview) => this.copy(preview)),
      command('next', (preview) => this.next(preview)),
      command('why', (preview) => this.why(preview)),
    ];
  }

  /** Show a lift that has a candidate at least; one of the same function is replaced. */
  async show(source: vscode.TextDocument, lifted: Lifted): Promise<void> {
    const first = lifted.candidates[0] as Candidate;
    const about = `${source.uri.toString()}?${lifted.function}`;
    const uri = this.documents.put(say.fileName(lifted.fileName), about, first.text);
    const preview: Preview = { uri, source: source.uri, text: source.getText(), compared: { version: -1, isStale: false }, lifted, index: 0 };
    this.previews.set(uri.toString(), preview);
    this.latest = preview;
    this.lensesChanged.fire();
    const document = await vscode.workspace.openTextDocument(uri);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, {
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
    this.tellContext();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const preview = this.previews.get(document.uri.toString());
    if (!preview) {
      return [];
    }
    const candidate = this.candidate(preview);
    const count = preview.lifted.candidates.length;
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, name: string) => new vscode.CodeLens(top, { title, command: `irlens.lift.${name}` });
    const icon = candidate.shownRight ? 'pass' : candidate.verdict === 'disagrees' ? 'error' : 'warning';
    const lenses = [lens(`$(${icon})\u2002${candidate.verdict}`, 'why')];
    if (candidate.shownRight) {
      lenses.push(lens('Save as .ll', 'save'), lens('Insert', 'insert'));
    }
    lenses.push(lens('Copy', 'copy'));
    if (count > 1) {
      lenses.push(lens(`Next candidate (${preview.index + 1} of ${count})`, 'next'));
    }
    lenses.push(lens('Why?', 'why'));
    if (this.isStale(preview)) {
      lenses.push(lens('$(history) the assembly has changed since', 'why'));
    }
    return lenses;
  }

  /** Whether the document is a lift, or the source of one. */
  knows(uri: vscode.Uri): boolean {
    const name = uri.toString();
    return this.previews.has(name) || [...this.previews.values()].some((one) => one.source.toString() === name);
  }

  /** Which lines belong together, of every lift whose source is still what was lifted. */
  linked(): { source: string; preview: string; links: Candidate['links'] }[] {
    return [...this.previews.values()]
      .filter((one) => !this.isStale(one))
      .map((one) => ({ source: one.source.toString(), preview: one.uri.toString(), links: this.candidate(one).links }));
  }

  private candidate(preview: Preview): Candidate {
    return preview.lifted.candidates[preview.index] as Candidate;
  }

  private isStale(preview: Preview): boolean {
    const source = vscode.workspace.textDocuments.find((one) => one.uri.toString() === preview.source.toString());
    if (source && source.version !== preview.compared.version) {
      preview.compared = { version: source.version, isStale: source.getText() !== preview.text };
    }
    return preview.compared.isStale;
  }

  /** Do it with the preview that has the focus, else with the newest. */
  private async with(run: (preview: Preview) => unknown): Promise<void> {
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    const preview = (active && this.previews.get(active)) || this.latest;
    if (preview) {
      await run(preview);
    } else {
      void say.info('irlens: no lift yet. Run "Lift Function to LLVM IR" in an assembly file first.');
    }
  }

  private async save(preview: Preview): Promise<void> {
    if (!this.mayUse(preview)) {
      return;
    }
    const { text } = this.candidate(preview);
    if (preview.source.scheme !== 'file') {
      await open(await vscode.workspace.openTextDocument({ language: 'llvm', content: text }));
      return;
    }
    const uri = await freeName(vscode.Uri.joinPath(preview.source, '..', say.fileName(preview.lifted.fileName)));
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await open(await vscode.workspace.openTextDocument(uri));
  }

  private async insert(preview: Preview): Promise<void> {
    if (!this.mayUse(preview)) {
      return;
    }
    const { ir } = this.candidate(preview);
    const target = await chooseModule();
    if (target === undefined) {
      return;
    }
    if (target === 'new') {
      await open(await vscode.workspace.openTextDocument({ language: 'llvm', content: `${ir.trim()}\n` }));
      return;
    }
    const name = preview.lifted.function;
    const before = target.getText();
    if (defines(before, name)) {
      const anyway = 'Insert All the Same';
      const text = `irlens: ${nameOf(target.uri)} defines @${name} already. Two definitions do not verify.`;
      if ((await say.warn(text, anyway)) !== anyway) {
        return;
      }
    }
    const end = target.lineAt(target.lineCount - 1).range.end;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(target.uri, end, `${before.endsWith('\n') ? '' : '\n'}\n${fitting(ir, before).trim()}\n`);
    await vscode.workspace.applyEdit(edit);
    const editor = await open(target);
    const start = end.translate(1);
    editor.selection = new vscode.Selection(start, start);
    editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenter);
  }

  private async copy(preview: Preview): Promise<void> {
    await vscode.env.clipboard.writeText(this.candidate(preview).text);
    say.brief(`irlens: the lift of ${preview.lifted.function} is in the clipboard`);
  }

  private next(preview: Preview): void {
    const { candidates } = preview.lifted;
    if (candidates.length < 2) {
      void say.info(
        'irlens: there is one candidate. The setting irlens.lift.candidates asks the model for more.',
      );
      return;
    }
    preview.index = (preview.index + 1) % candidates.length;
    this.documents.put(preview.uri.path, preview.uri.query, this.candidate(preview).text);
    this.lensesChanged.fire();
    this.tellContext();
  }

  private async why(preview: Preview): Promise<void> {
    const { evidence, words, reason } = this.candidate(preview);
    const text = evidence ?? `**${words}**\n\n${reason}\n`;
    const uri = this.texts.put(say.fileName(`Why ${preview.lifted.function}.md`), preview.uri.toString(), text);
    await vscode.workspace.openTextDocument(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  /** Whether an edit may be made of it; else the user is told why not. */
  private mayUse(preview: Preview): boolean {
    const candidate = this.candidate(preview);
    if (!candidate.shownRight) {
      void say.warn(
        `irlens: not saved: this lift of ${preview.lifted.function} is unverified (${candidate.words}). Use Copy if you want it anyway.`,
      );
    }
    return candidate.shownRight;
  }

  private tellContext(): void {
    const active = this.previews.get(vscode.window.activeTextEditor?.document.uri.toString() ?? '');
    const meant = active ?? this.latest;
    const tell = (name: string, value: boolean) => void vscode.commands.executeCommand('setContext', `irlens.${name}`, value);
    tell('shownRight', active !== undefined && this.candidate(active).shownRight);
    tell('hasLift', meant !== undefined);
    tell('severalCandidates', meant !== undefined && meant.lifted.candidates.length > 1);
  }

  private forget(uri: vscode.Uri): void {
    const gone = this.previews.get(uri.toString());
    this.previews.delete(uri.toString());
    if (gone && this.latest === gone) {
      this.latest = [...this.previews.values()].pop();
    }
    if (gone) {
      this.tellContext();
    }
  }

  dispose(): void {
    for (const one of [...this.registered, this.lensesChanged]) {
      one.dispose();
    }
  }
}

function open(document: vscode.TextDocument): Thenable<vscode.TextEditor> {
  return vscode.window.showTextDocument(document, { preview: false });
}

/** The name itself where no file has it, else with a number. */
async function freeName(uri: vscode.Uri): Promise<vscode.Uri> {
  const stem = uri.path.replace(/\.ll$/, '');
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? uri : uri.with({ path: `${stem}.${number}.ll` });
    const taken = await vscode.workspace.fs.stat(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) {
      return candidate;
    }
  }
}

/** An open module to insert into, "new" for one that is made; nothing where the user thought better of it. */
async function chooseModule(): Promise<vscode.TextDocument | 'new' | undefined> {
  const modules = vscode.workspace.textDocuments.filter(
    (one) => isIr(one) && ['file', 'untitled'].includes(one.uri.scheme) && !one.isClosed,
  );
  if (modules.length === 0) {
    return 'new';
  }
  const entries = [
    ...modules.map((module) => ({ label: say.label(nameOf(module.uri)), description: say.label(vscode.workspace.asRelativePath(module.uri)), module })),
    { label: '$(new-file) A new file', description: '', module: 'new' as const },
  ];
  return (await vscode.window.showQuickPick(entries, { title: 'Insert the lifted function into' }))?.module;
}

function defines(text: string, name: string): boolean {
  return text.split('\n').some((line) => line.startsWith('define') && (line.includes(`@${name}(`) || line.includes(`@"${name}"(`)));
}

/** The module's text without what the other one says itself: its target, its file, declarations it has. */
function fitting(ir: string, other: string): string {
  const has = new Set(other.split('\n').map((line) => line.trim()));
  return ir
    .split('\n')
    .filter((line) => {
      const isHead = /^(target (triple|datalayout)|source_filename) =/.test(line);
      const isKnown = line.startsWith('declare ') && has.has(line.trim());
      return !(isKnown || (isHead && has.size > 1));
    })
    .join('\n');
}
