/**
 * The status item: the server's and the model's state in the status bar, with a menu behind it.
 *
 * It speaks of the file in front. Beside a file that is not irlens's there is no item, unless something is under way.
 */
import * as vscode from 'vscode';
import { isOurs, nameOf } from './documents';
import type { ModelState, Question, Status, Task } from './protocol';
import * as say from './say';
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

  /** What stands in the way of a document, if something does. */
  question(document: vscode.TextDocument | undefined): Question | undefined {
    const uri = document?.uri.toString();
    return this.life.kind === 'running' ? this.status?.questions.find((one) => sameUri(one.uri, uri)) : undefined;
  }

  /** Whether there is no server at all. */
  get isMissing(): boolean {
    return this.life.kind === 'missing';
  }

  /** Why the model of a task cannot be used; nothing where it can, or where that is not known. */
  modelTrouble(task: Task): string | undefined {
    const model = this.status?.tasks?.[task];
    return model?.state === 'failed' ? model.reason : undefined;
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
        return ['The server is not set up yet.'];
      case 'stopped':
        return [`The server is stopped: ${this.life.reason}.`];
      case 'failed':
        return ['The server is not running.', this.life.reason];
      case 'running':
        return this.ofRunning();
    }
  }

  private ofRunning(): string[] {
    const { status } = this;
    if (!status) {
      return ['The server is running.'];
    }
    const document = vscode.window.activeTextEditor?.document;
    const question = this.question(document);
    return [
      ...(question && document ? [`${say.label(nameOf(document.uri))}: ${question.text}`] : []),
      ...modelLines(status),
      `${this.isBusy() ? 'Busy' : 'Idle'}. ${stateWords(status.model)}`,
      ...(status.reason ? [status.reason] : []),
    ];
  }

  private isBusy(): boolean {
    const state = this.status?.model.state;
    return this.jobs > 0 || state === 'loading' || state === 'busy';
  }

  private draw(): void {
    const { life, status, item } = this;
    const document = vscode.window.activeTextEditor?.document;
    const isInFront = document !== undefined && isOurs(document);
    if (!isInFront && this.jobs === 0) {
      item.hide();
      return;
    }
    const question = this.question(document);
    const isDegraded = life.kind === 'running' && status?.state === 'degraded';
    const asks = question?.kind === 'target';
    item.text = `$(${this.icon(question)}) irlens${asks ? ': target?' : ''}`;
    item.backgroundColor =
      life.kind === 'failed'
        ? new vscode.ThemeColor('statusBarItem.errorBackground')
        : isDegraded || asks
          ? new vscode.ThemeColor('statusBarItem.warningBackground')
          : undefined;
    item.command = asks ? 'irlens.chooseTarget' : 'irlens.menu';
    const lines = this.lines();
    item.tooltip = [...lines, ...(asks ? ['Click to choose the target.'] : [])].join('\n');
    item.accessibilityInformation = { label: `irlens: ${lines.join(' ')}`, role: 'button' };
    item.show();
  }

  private icon(question: Question | undefined): string {
    switch (this.life.kind) {
      case 'failed':
        return 'error';
      case 'missing':
        return 'cloud-download';
      case 'starting':
        return 'sync~spin';
      case 'stopped':
        return 'circle-slash';
      case 'running':
        return this.status?.state === 'degraded'
          ? 'warning'
          : this.isBusy()
            ? 'sync~spin'
            : question
              ? question.kind === 'target'
                ? 'question'
                : 'circle-slash'
              : 'check';
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

/** The model's state in words. */
function stateWords(model: ModelState): string {
  switch (model.state) {
    case 'absent':
      return 'The model is not loaded yet (it loads on first use).';
    case 'failed':
      return `The model failed to load: ${model.reason || 'the log has the reason'}`;
    default:
      return `The model is ${model.state}${model.reason ? ` (${model.reason})` : ''}.`;
  }
}

/** Whether two URIs name one document, whatever each side percent-encodes. */
function sameUri(one: string, other: string | undefined): boolean {
  return other !== undefined && (one === other || vscode.Uri.parse(one).toString() === other);
}
