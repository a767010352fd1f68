/** Read-only documents of our own: lifts, modules after a pass, evidence. They live as long as the window. */
import * as vscode from 'vscode';

export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor(readonly scheme: string) {
    this.registered = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
    ];
  }

  /** A document of this path; `about` tells apart those that have the same path. */
  put(path: string, about: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: this.scheme, path: path.startsWith('/') ? path : `/${path}`, query: about });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '; This preview has expired. Run the command again.\n';
  }

  dispose(): void {
    for (const one of [...this.registered, this.changed]) {
      one.dispose();
    }
  }
}
