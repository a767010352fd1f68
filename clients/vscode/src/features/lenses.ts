/** What stands over each function of an IR file. Those of assembly come from the server, for every client. */
import * as vscode from 'vscode';
import { functionsOf } from './lift';

export class IrLenses implements vscode.CodeLensProvider {
  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const functions = await functionsOf(document);
    return functions.flatMap(({ name, selectionRange }) => {
      const target = { uri: document.uri.toString(), function: name };
      const lens = (title: string, command: string) => new vscode.CodeLens(selectionRange, { title, command, arguments: [target] });
      return [lens('Predict a pass', 'irlens.predictPass'), lens('Step through passes', 'irlens.stepThrough')];
    });
  }
}
