/**
 * Source and lift, linked: the lines that belong to the selection are marked on the other side.
 *
 * Which lines belong together the server says, of what it could trace. Where it says nothing, and where the assembly
 * has changed since, nothing is marked.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import type { Previews } from './preview';

/** Lines of an editor, and those of another that belong to them. */
interface Marks {
  readonly editor: vscode.TextEditor;
  readonly lines: readonly number[];
}

export class Links implements vscode.Disposable {
  private readonly marked = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('irlens.linkedLineBackground'),
    borderColor: new vscode.ThemeColor('irlens.linkedLineBorder'),
    borderWidth: '0 0 0 3px',
    borderStyle: 'solid',
    overviewRulerColor: new vscode.ThemeColor('irlens.linkedLineBorder'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  private readonly registered: vscode.Disposable[];

  constructor(private readonly previews: Previews) {
    this.registered = [
      this.marked,
      vscode.window.onDidChangeTextEditorSelection((change) => this.follow(change.textEditor)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.followActive()),
      previews.onDidChangeCodeLenses(() => this.followActive()),
      vscode.commands.registerCommand('irlens.lift.otherSide', () => this.otherSide()),
    ];
  }

  /** The lines that are marked now, by what is at the end of a document's path: for tests. */
  shown(): Record<string, readonly number[]> {
    const active = vscode.window.activeTextEditor;
    return Object.fromEntries(
      (active ? this.marksFor(active) : []).map(({ editor, lines }) => [editor.document.uri.path.split('/').pop() ?? '', lines]),
    );
  }

  private followActive(): void {
    const active = vscode.window.activeTextEditor;
    if (active) {
      this.follow(active);
    }
  }

  private follow(editor: vscode.TextEditor): void {
    if (editor !== vscode.window.activeTextEditor) {
      return;
    }
    const isKnown = this.previews.knows(editor.document.uri);
    void vscode.commands.executeCommand('setContext', 'irlens.linked', isKnown);
    if (!isKnown) {
      return;
    }
    const marks = this.marksFor(editor);
    for (const other of vscode.window.visibleTextEditors) {
      const lines = marks.find((each) => each.editor === other)?.lines ?? [];
      other.setDecorations(
        this.marked,
        lines.map((line) => new vscode.Range(line, 0, line, 0)),
      );
      const [first] = lines;
      if (first !== undefined && !lines.some((line) => isVisible(other, line))) {
        other.revealRange(new vscode.Range(first, 0, first, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      }
    }
  }

  /** For every editor beside this one: its lines that belong to what is selected here. */
  private marksFor(editor: vscode.TextEditor): Marks[] {
    const selected = (line: number) => editor.selections.some((one) => one.start.line <= line && line <= one.end.line);
    const here = editor.document.uri.toString();
    const found: Marks[] = [];
    for (const { source, preview, links } of this.previews.linked()) {
      const isSource = source === here;
      if (!isSource && preview !== here) {
        continue;
      }
      const lines = links.filter(([asm, ir]) => selected(isSource ? asm : ir)).map(([asm, ir]) => (isSource ? ir : asm));
      for (const other of vscode.window.visibleTextEditors) {
        if (other.document.uri.toString() === (isSource ? preview : source) && lines.length > 0) {
          found.push({ editor: other, lines: [...new Set(lines)].sort((a, b) => a - b) });
        }
      }
    }
    return found;
  }

  /** Put the cursor on the other side, on the first line that belongs to this one; by keyboard as by menu. */
  private async otherSide(): Promise<void> {
    const active = vscode.window.activeTextEditor;
    const [mark] = active ? this.marksFor(active) : [];
    if (!mark) {
      say.brief('irlens: no line of a lift is known to belong to this one');
      return;
    }
    const start = new vscode.Position(mark.lines[0] ?? 0, 0);
    await vscode.window.showTextDocument(mark.editor.document, {
      ...(mark.editor.viewColumn === undefined ? {} : { viewColumn: mark.editor.viewColumn }),
      selection: new vscode.Range(start, start),
      preview: true,
    });
  }

  dispose(): void {
    for (const one of this.registered) {
      one.dispose();
    }
  }
}

function isVisible(editor: vscode.TextEditor, line: number): boolean {
  return editor.visibleRanges.some((range) => range.start.line <= line && line <= range.end.line);
}
