/** What stands over each function of an IR file. Those of assembly come from the server, for every client. */
import * as vscode from 'vscode';
import { functionsOf } from './lift';

const SETTING = 'irlens.lens.passes';

export class IrLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly whenSettingChanges = vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(SETTING)) {
      this.changed.fire();
    }
  });

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.getConfiguration('irlens.lens', document).get('passes', true)) {
      return [];
    }
    const functions = await functionsOf(document);
    return functions.flatMap(({ name, selectionRange }) => {
      const target = { uri: document.uri.toString(), function: name };
      const lens = (title: string, command: string) => new vscode.CodeLens(selectionRange, { title, command, arguments: [target] });
      return [lens('Predict pass effect…', 'irlens.predictPass'), lens('Show each pass…', 'irlens.stepThrough')];
    });
  }

  dispose(): void {
    this.whenSettingChanges.dispose();
    this.changed.dispose();
  }
}
