/** What the server says of itself (`irlens/status`), in the language status of `.ll` and `.s` editors. */
import * as vscode from 'vscode';

/** Mirrors `server/irlens/lsp/status.py`. */
interface Status {
  state: 'starting' | 'ready' | 'degraded';
  reason: string;
  model: { name: string; state: string; reason: string };
  question?: { uri: string; text: string };
}

export class StatusItem implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;

  constructor() {
    const selector = [{ language: 'llvm' }, { language: 'asm' }, { pattern: '**/*.{ll,s,S}' }];
    this.item = vscode.languages.createLanguageStatusItem('irlens.status', selector);
    this.item.name = 'irlens';
    this.item.text = 'irlens: starting';
    this.item.command = { command: 'irlens.restart', title: 'Restart' };
  }

  show(value: Status): void {
    const { model, question } = value;
    this.item.busy = model.state === 'loading' || model.state === 'busy';
    this.item.severity =
      value.state === 'degraded' || question
        ? vscode.LanguageStatusSeverity.Warning
        : vscode.LanguageStatusSeverity.Information;
    this.item.text = `irlens: ${question?.text ?? (value.reason || value.state)}`;
    this.item.detail = [model.name || 'no model', model.state, model.reason].filter(Boolean).join(', ');
  }

  failed(reason: string): void {
    this.item.busy = false;
    this.item.severity = vscode.LanguageStatusSeverity.Error;
    this.item.text = 'irlens: the server did not start';
    this.item.detail = reason;
  }

  dispose(): void {
    this.item.dispose();
  }
}
