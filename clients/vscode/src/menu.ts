/** The menu behind the status item. Everything in it can be had from the command palette too. */
import * as vscode from 'vscode';
import * as say from './say';
import type { StatusItem } from './status';

interface Entry extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

export async function showMenu(status: StatusItem, stopJobs: () => number): Promise<void> {
  const command = (label: string, name: string, detail?: string): Entry => ({
    label,
    ...(detail ? { detail } : {}),
    run: () => vscode.commands.executeCommand(name),
  });
  const [head, ...rest] = status.lines();
  const entries: Entry[] = [
    { label: `$(info) ${say.label(head ?? '')}`, detail: say.label(rest.join(' ')), run: () => vscode.commands.executeCommand('irlens.versions') },
    ...(status.isMissing
      ? [command('$(cloud-download) Install Server', 'irlens.install', 'A private Python environment, about 100 MB of packages')]
      : [
          command('$(file-binary) Choose Model…', 'irlens.chooseModel', 'An installed model, one to download, a file or a server; for all tasks or one'),
          command('$(cloud-download) Download Model…', 'irlens.downloadModel', 'LLM Compiler, in the size that fits; its weights have a license of their own'),
          command('$(list-flat) Show Model', 'irlens.showModel', 'Which one does what, what runs it, and why'),
          {
            label: '$(debug-stop) Cancel All Jobs',
            detail: 'Lifts, optimizations, predictions and downloads',
            run: () => stopJobs() || say.info('irlens: nothing is running.'),
          },
          command('$(debug-restart) Restart Server', 'irlens.restart'),
          command('$(circle-slash) Stop Server', 'irlens.stop'),
        ]),
    command('$(output) Show Log', 'irlens.showLog'),
    command('$(versions) Versions', 'irlens.versions'),
    command('$(book) Manual', 'irlens.manual'),
    command('$(gear) Settings', 'irlens.settings'),
  ];
  const chosen = await vscode.window.showQuickPick(entries, { title: 'irlens' });
  await chosen?.run?.();
}
