/** The status item: the server's and the model's state in the status bar, with a menu behind it. */
import * as vscode from 'vscode';
import { isOurs } from './documents';
import type { ModelState, Status } from './protocol';
import type { State } from './server/life';

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('irlens.status', vscode.StatusBarAlignment.Right, 90);
  private life: State = { kind: 'starting' };
  private jobs = 0;
  private readonly whenEditorChanges: vscode.Disposable;
  status: Status | undefined;

  constructor() {
    this.item.name = 'irlens';
    this.item.command = 'irlens.menu';
    this.whenEditorChanges = vscode.window.onDidChangeActiveTextEditor(() => this.draw());
    this.draw();
  }

  server(state: State): void {
    this.life = state;
    if (state.kind !== 'running') {
      this.status = undefined;
    }
    this.draw();
  }

  show(status: Status): void {
    this.status = status;
    this.draw();
  }

  /** A job of the user's is under way until what is returned is called. */
  busy(): () => void {
    this.jobs += 1;
    this.draw();
    return () => {
      this.jobs -= 1;
      this.draw();
    };
  }

  /** What the item says, as lines of text: also the head of the menu. */
  lines(): string[] {
    switch (this.life.kind) {
      case 'starting':
        return ['The server is starting.'];
      case 'missing':
        return ['The server is not installed.'];
      case 'stopped':
        return [`The server is stopped: ${this.life.reason}.`];
      case 'failed':
        return [`The server is not running: ${this.life.reason}`];
      case 'running':
        return this.ofRunning();
    }
  }

  private ofRunning(): string[] {
    const { status } = this;
    if (!status) {
      return ['The server is running.'];
    }
    const { model, question } = status;
    return [
      ...modelLines(status),
      `${this.isBusy() ? 'Busy' : 'Idle'}: the model is ${model.state}${model.reason ? ` (${model.reason})` : ''}`,
      ...(status.reason ? [status.reason] : []),
      ...(question ? [question.text] : []),
    ];
  }

  private isBusy(): boolean {
    const state = this.status?.model.state;
    return this.jobs > 0 || state === 'loading' || state === 'busy';
  }

  private draw(): void {
    const { life, status, item } = this;
    const isBad = life.kind === 'failed' || life.kind === 'missing';
    const asks = life.kind === 'running' && (status?.state === 'degraded' || status?.question);
    const icon = isBad ? 'error' : asks ? 'warning' : life.kind === 'starting' || this.isBusy() ? 'sync~spin' : 'check';
    item.text = `$(${icon}) irlens`;
    item.backgroundColor = isBad
      ? new vscode.ThemeColor('statusBarItem.errorBackground')
      : asks
        ? new vscode.ThemeColor('statusBarItem.warningBackground')
        : undefined;
    const lines = this.lines();
    item.tooltip = lines.join('\n');
    item.accessibilityInformation = { label: `irlens: ${lines.join(' ')}`, role: 'button' };
    const document = vscode.window.activeTextEditor?.document;
    if (isBad || (document && isOurs(document))) {
      item.show();
    } else {
      item.hide();
    }
  }

  dispose(): void {
    this.whenEditorChanges.dispose();
    this.item.dispose();
  }
}

/** Which model it is; where tasks have different ones, a line for each model. */
function modelLines(status: Status): string[] {
  const tasksOf = new Map<string, string[]>();
  for (const [task, model] of Object.entries(status.tasks ?? {})) {
    const words = model.name ? modelWords(model) : `none (${model.reason})`;
    tasksOf.set(words, [...(tasksOf.get(words) ?? []), task]);
  }
  if (tasksOf.size < 2) {
    return [`Model: ${modelWords(status.model)}`];
  }
  return [...tasksOf].map(([words, tasks]) => `Model for ${tasks.join(', ')}: ${words}`);
}

function modelWords(model: ModelState): string {
  const runs = [model.engine, model.device && `on ${model.device}`].filter(Boolean).join(' ');
  return `${model.name || 'none'}${runs ? `, ${runs}` : ''}`;
}
