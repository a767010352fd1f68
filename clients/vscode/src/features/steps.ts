/**
 * The pipeline viewer: the passes of a pipeline as they ran on one function, which of them changed it and by how
 * much; choosing one shows its diff, choosing two shows the diff between them. All of it is measured.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import type { Jobs } from '../jobs';
import { type Stepped, steps as stepsRequest } from '../protocol';
import type { VirtualDocuments } from '../virtual';
import type { Target } from './lift';
import { compared, counted } from './numbers';
import type { Passes } from './passes';
import { chooseFunction } from './predict';

const VIEW = 'irlens.steps';

/** What a pass did to the size, in bytes; where those are the same or not known, in instructions. */
type Effect = 'shrank' | 'grew' | 'changed' | 'none';
const ICONS: Record<Effect, vscode.ThemeIcon> = {
  shrank: new vscode.ThemeIcon('arrow-down', new vscode.ThemeColor('charts.green')),
  grew: new vscode.ThemeIcon('arrow-up', new vscode.ThemeColor('charts.orange')),
  changed: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('charts.blue')),
  none: new vscode.ThemeIcon('circle-outline'),
};

interface Numbers {
  readonly instructions: number;
  readonly bytes: number | null;
}

/** A line of the view: the function as it was, after a pass, or as it came out. */
export interface Row {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly changed: boolean;
  readonly effect: Effect;
  /** The function after it. */
  readonly ir: string;
  /** The function before it. */
  readonly before: string;
  readonly number: number;
}

export class Steps implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private rows: Row[] = [];
  private name = '';
  /** The file that the rows are of; without it they are of no use. */
  private source: vscode.Uri | undefined;
  private onlyChanges = true;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Row>;
  private readonly registered: vscode.Disposable[];

  constructor(
    private readonly jobs: Jobs,
    private readonly texts: VirtualDocuments,
    private readonly passes: Passes,
  ) {
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: this, canSelectMany: true });
    const command = (name: string, run: (...args: never[]) => unknown) => vscode.commands.registerCommand(`irlens.steps.${name}`, run);
    this.registered = [
      this.view,
      vscode.workspace.onDidCloseTextDocument((document) => this.closed(document)),
      command('show', (row: Row) => this.show(row)),
      command('diff', () => this.diff()),
      command('next', () => this.move(1)),
      command('previous', () => this.move(-1)),
      command('all', () => this.filter(false)),
      command('changes', () => this.filter(true)),
    ];
  }

  /** Ask for a pipeline and step through it; `pipeline` is for callers that know it. */
  async run(target?: Target & { pipeline?: string }): Promise<void> {
    const chosen = await chooseFunction(this.jobs, target);
    if (!chosen) {
      return;
    }
    const { document, name } = chosen;
    const pipeline = target?.pipeline ?? (await this.passes.choose(`Show each pass of which pipeline on ${name}?`, document));
    if (!pipeline) {
      return;
    }
    const stepped = await this.jobs.ask(`${pipeline} on ${name}, pass by pass`, stepsRequest, {
      uri: document.uri.toString(),
      passes: pipeline,
      function: name,
    });
    if (stepped) {
      await this.fill(stepped, document);
    }
  }

  /** The rows as they are shown. */
  getChildren(row?: Row): Row[] {
    return row ? [] : this.rows.filter((one) => one.changed || !this.onlyChanges);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = new vscode.TreeItem(row.label);
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = ICONS[row.effect];
    item.command = { title: 'Show', command: 'irlens.steps.show', arguments: [row] };
    item.accessibilityInformation = { label: `${row.label}, ${row.effect === 'shrank' || row.effect === 'grew' ? `${row.effect}, ` : ''}${row.description}` };
    return item;
  }

  getParent(): undefined {
    return undefined;
  }

  private async fill(stepped: Stepped, document: vscode.TextDocument): Promise<void> {
    this.rows = rowsOf(stepped);
    this.name = stepped.readable || stepped.function;
    this.source = document.uri;
    const passes = stepped.steps.length;
    const changes = stepped.steps.filter((step) => step.changed).length;
    this.view.title = say.label(`Passes on ${this.name}`);
    this.view.description = say.label(stepped.pipeline);
    const said = [
      `${changes.toLocaleString('en-US')} of ${passes.toLocaleString('en-US')} pass runs changed ${this.name}: ${summary(stepped)} (measured by ${stepped.by}).`,
      ...stepped.repairs.map((repair) => `${repair}.`),
      ...(stepped.notes ?? []),
      stepped.whyNoBytes,
    ]
      .filter(Boolean)
      .join(' ');
    this.view.message = say.label(said);
    await vscode.commands.executeCommand('setContext', 'irlens.hasSteps', true);
    await this.filter(true);
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    const first = this.rows.find((row) => row.changed && row.number > 0);
    if (first) {
      await this.view.reveal(first, { select: true, focus: true });
      await this.show(first);
    }
  }

  /** The file was closed, and its passes with it. */
  private closed(document: vscode.TextDocument): void {
    if (document.uri.toString() === this.source?.toString()) {
      this.source = undefined;
      this.rows = [];
      this.changed.fire();
      if (this.view.visible) {
        void vscode.commands.executeCommand('workbench.action.closePanel');
      }
      void vscode.commands.executeCommand('setContext', 'irlens.hasSteps', false);
    }
  }

  private async filter(onlyChanges: boolean): Promise<void> {
    this.onlyChanges = onlyChanges;
    await vscode.commands.executeCommand('setContext', 'irlens.onlyChanges', onlyChanges);
    this.changed.fire();
  }

  /** What this pass did; of one that did nothing the function as it stood. */
  private async show(row: Row): Promise<void> {
    const after = this.document(row);
    if (row.number === 0 || !row.changed) {
      await vscode.commands.executeCommand('vscode.open', after, { preview: true, preserveFocus: true });
      return;
    }
    const before = this.texts.put(say.fileName(`${this.name} before ${row.number} ${row.label}.ll`), '', `${row.before}\n`);
    await this.openDiff(before, after, `${this.name}: ${row.label} (${row.number})`);
  }

  /** Two steps against each other, whatever is between them: those that are chosen in the view, else as asked. */
  private async diff(): Promise<void> {
    const chosen = [...this.view.selection].sort((a, b) => a.number - b.number);
    let first: Row | undefined = chosen[0];
    let second: Row | undefined = chosen.at(-1);
    if (chosen.length < 2) {
      const last = this.rows.filter((row) => row.changed).at(-1);
      first = await this.ask('Compare: from which pass?', this.rows[0]);
      second = first && (await this.ask(`Compare: from ${first.label} to which pass?`, last));
    }
    if (!first || !second) {
      return;
    }
    const [older, newer] = first.number <= second.number ? [first, second] : [second, first];
    const named = (row: Row) => (row.number === 0 ? 'start' : `after ${row.label} (${row.number})`);
    await this.openDiff(this.document(older), this.document(newer), `${this.name}: ${named(older)} ↔ ${named(newer)}`);
  }

  /** A step from a list; those that changed something come with what they changed. `first` is the one on offer. */
  private async ask(title: string, first: Row | undefined): Promise<Row | undefined> {
    const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { row: Row }>();
    pick.title = title;
    pick.items = this.getChildren().map((row) => ({ label: row.number === 0 ? row.label : `${row.number}. ${row.label}`, description: row.description, row }));
    pick.activeItems = pick.items.filter((item) => item.row === first);
    const chosen = await new Promise<Row | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.activeItems[0]?.row));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    pick.dispose();
    return chosen;
  }

  private async move(by: number): Promise<void> {
    const shown = this.getChildren().filter((row) => row.changed);
    const at = shown.findIndex((row) => row === this.view.selection[0]);
    const row = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    if (row) {
      await this.view.reveal(row, { select: true, focus: true });
      await this.show(row);
    }
  }

  private document(row: Row): vscode.Uri {
    return this.texts.put(say.fileName(`${this.name} after ${row.number} ${row.label}.ll`), '', row.ir ? `${row.ir}\n` : '; the function is gone\n');
  }

  private async openDiff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true, preserveFocus: true });
  }

  dispose(): void {
    for (const one of [...this.registered, this.changed]) {
      one.dispose();
    }
  }
}

function rowsOf(stepped: Stepped): Row[] {
  const { start, end } = stepped;
  let ir = start.ir;
  let numbers: Numbers = start;
  const rows: Row[] = [
    { label: 'start', description: counted(start), tooltip: 'The function as it stands in the file', changed: true, effect: 'none', ir, before: ir, number: 0 },
  ];
  for (const [index, step] of stepped.steps.entries()) {
    const after = step.ir ?? ir;
    const lines = step.changed ? `  +${step.added} −${step.removed} lines` : '';
    const what = step.changed ? compared(step, numbers) : step.elsewhere ? 'changed other functions' : 'no change';
    rows.push({
      label: step.name,
      description: step.changed && !after ? 'the function is gone' : `${what}${lines}`,
      tooltip: [`${index + 1}. ${step.name} on ${step.on}`, step.summary, step.class].filter(Boolean).join('\n'),
      changed: step.changed,
      effect: step.changed ? effectOf(step, numbers) : 'none',
      ir: after,
      before: ir,
      number: index + 1,
    });
    ir = after;
    numbers = step;
  }
  if (end.ir !== ir) {
    rows.push({
      label: 'end',
      description: end.ir ? `${counted({ ...end, bytes: null })}: a pass on another function changed this one` : 'a pass on another function removed this one',
      tooltip: 'The function as it came out of the whole pipeline',
      changed: true,
      effect: effectOf({ ...end, bytes: null }, numbers),
      ir: end.ir,
      before: ir,
      number: rows.length,
    });
  }
  return rows;
}

function lastBytes(stepped: Stepped): number | null {
  return stepped.steps.at(-1)?.bytes ?? stepped.start.bytes;
}

function effectOf(now: Numbers, before: Numbers): Effect {
  const bytes = now.bytes === null || before.bytes === null ? 0 : now.bytes - before.bytes;
  const more = bytes || now.instructions - before.instructions;
  return more < 0 ? 'shrank' : more > 0 ? 'grew' : 'changed';
}

/** `393 → 371 instructions, 1,204 → 1,150 bytes`. */
function summary(stepped: Stepped): string {
  const { start, end } = stepped;
  if (!end.ir) {
    return `${counted(start)} → nothing`;
  }
  const bytes = lastBytes(stepped);
  const from = (before: number, after: number, unit: string) => `${before.toLocaleString('en-US')} → ${after.toLocaleString('en-US')} ${unit}`;
  return [from(start.instructions, end.instructions, 'instructions'), start.bytes === null || bytes === null ? '' : from(start.bytes, bytes, 'bytes')]
    .filter(Boolean)
    .join(', ');
}
