/**
 * Which target an assembly file is for, where the file does not show it: the user's word, file by file.
 *
 * It is kept with the workspace, told to the server at its start and at each choice, and never taken from a file.
 */
import * as vscode from 'vscode';
import { isAssembly, nameOf } from './documents';
import { targetChosen } from './protocol';
import * as say from './say';
import type { Life } from './server/life';

const KEY = 'irlens.targets';
/** Files whose answers are kept; the oldest go first. */
const MOST_KEPT = 500;
/** The server's word for a file that nobody wants looked at. */
const IGNORE = 'ignore';

interface Entry extends vscode.QuickPickItem {
  /** null: take the answer back. */
  readonly target?: string | null;
  readonly command?: string;
}

export class Targets {
  constructor(private readonly memory: vscode.Memento) {}

  /** By URI: a triple, or "ignore". */
  chosen(): Readonly<Record<string, string>> {
    return this.memory.get<Record<string, string>>(KEY, {});
  }

  /** Put the question for the file in front. */
  async choose(life: Life): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !isAssembly(document)) {
      void say.info('irlens: open the assembly file (.s) whose target you want to choose.');
      return;
    }
    const uri = document.uri.toString();
    const now = this.chosen()[uri];
    const mark = (target: string) => (now === target ? { description: 'chosen' } : {});
    const entries: Entry[] = [
      { label: 'x86-64', target: 'x86_64-unknown-linux-gnu', detail: 'x86_64-unknown-linux-gnu', ...mark('x86_64-unknown-linux-gnu') },
      { label: 'AArch64', target: 'aarch64-unknown-linux-gnu', detail: 'aarch64-unknown-linux-gnu', ...mark('aarch64-unknown-linux-gnu') },
      { label: 'Ignore This File', target: IGNORE, detail: 'No errors and no question', ...mark(IGNORE) },
      ...(now ? [{ label: 'Detect Again', target: null, detail: 'Forget the choice for this file' }] : []),
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      { label: '$(gear) Default for All Such Files…', command: 'irlens.targetSetting', detail: 'The setting irlens.asm.target' },
      { label: '$(menu) More of irlens…', command: 'irlens.menu' },
    ];
    const chosen = await vscode.window.showQuickPick(entries, {
      title: `Target of ${say.label(nameOf(document.uri))}`,
      placeHolder: 'Which machine is this assembly for?',
    });
    if (chosen?.command) {
      await vscode.commands.executeCommand(chosen.command);
    } else if (chosen?.target !== undefined) {
      await this.keep(uri, chosen.target);
      await life.client?.sendNotification(targetChosen, { uri, target: chosen.target });
    }
  }

  private async keep(uri: string, target: string | null): Promise<void> {
    const others = Object.entries(this.chosen()).filter(([name]) => name !== uri);
    const all = target === null ? others : [...others, [uri, target] as const];
    await this.memory.update(KEY, Object.fromEntries(all.slice(-MOST_KEPT)));
  }
}
