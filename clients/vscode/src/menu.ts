/** The menu behind the status item. Everything in it can be had from the command palette too. */
import * as vscode from 'vscode';
import type { StatusItem } from './status';

const LLM_COMPILER = vscode.Uri.parse('https://huggingface.co/collections/facebook/llm-compiler-667c5b05557fe99a9edd25cb');

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
    { label: `$(info) ${head}`, detail: rest.join(' '), run: () => vscode.commands.executeCommand('irlens.versions') },
    command('$(file-binary) Choose Model…', 'irlens.chooseModel', 'A GGUF file on this machine'),
    {
      label: '$(cloud-download) Get LLM Compiler…',
      detail: "Opens its page in the browser; its weights have a licence of their own",
      run: () => vscode.env.openExternal(LLM_COMPILER),
    },
    {
      label: '$(debug-stop) Stop What Is Running',
      detail: 'Lifts, tunings and predictions',
      run: () => stopJobs() || vscode.window.showInformationMessage('irlens: nothing is running.'),
    },
    command('$(debug-restart) Restart Server', 'irlens.restart'),
    command('$(circle-slash) Stop Server', 'irlens.stop'),
    command('$(output) Show Log', 'irlens.showLog'),
    command('$(versions) Versions', 'irlens.versions'),
    command('$(gear) Settings', 'irlens.settings'),
  ];
  const chosen = await vscode.window.showQuickPick(entries, { title: 'irlens' });
  await chosen?.run?.();
}

/** Write the user's choice where a choice of a file belongs: never into a workspace. */
export async function chooseModel(): Promise<void> {
  const setting = vscode.workspace.getConfiguration('irlens');
  const own = 'The model that comes with irlens';
  const file = 'A GGUF file…';
  const chosen = await vscode.window.showQuickPick([own, file], { title: 'Model of irlens' });
  if (chosen === own) {
    await setting.update('model.path', undefined, vscode.ConfigurationTarget.Global);
  } else if (chosen === file) {
    const [uri] = (await vscode.window.showOpenDialog({ title: 'Model for irlens', filters: { 'GGUF models': ['gguf'] } })) ?? [];
    if (uri) {
      await setting.update('model.path', uri.fsPath, vscode.ConfigurationTarget.Global);
    }
  }
}
