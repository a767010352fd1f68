/** What the user is told when there is no server: one message at a time, with a button that does something about it. */
import * as vscode from 'vscode';
import * as say from './say';
import type { Environment } from './server/environment';
import type { Life, State } from './server/life';
import { findPython, OLDEST, type Python, probe } from './server/python';

export class Help {
  private shown = false;

  constructor(
    private readonly life: Life,
    private readonly environment: Environment | undefined,
    private readonly folder: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Say what is wrong, if something is. */
  async offer(state: State): Promise<void> {
    if (this.shown || (state.kind !== 'missing' && state.kind !== 'failed')) {
      return;
    }
    this.shown = true;
    try {
      await (state.kind === 'missing' ? this.missing() : this.failed(state.reason));
    } finally {
      this.shown = false;
    }
  }

  /** Install the bundled server; with `python`, with that one. */
  async install(python?: Python): Promise<void> {
    const { environment } = this;
    if (!environment) {
      await this.choose('irlens: this build of the extension comes without its server. Install it with "pip install irlens" and name it in the setting irlens.python.', {
        'Open Settings': openSettings,
      });
      return;
    }
    const search = python ? { python, tried: [] } : await findPython(this.folder);
    if (!search.python) {
      this.log.warn(`no Python: ${search.tried.join('; ')}`);
      await this.choose(`irlens needs Python ${OLDEST.join('.')} or newer, and none was found. Install one, or choose where it is.`, {
        'Choose Python…': () => this.choosePython(),
        'Show Log': async () => this.log.show(),
      });
      return;
    }
    const found = search.python;
    try {
      await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `Installing irlens with Python ${found.version}`, cancellable: true },
        (progress, cancel) => environment.install(found, this.log, (message) => progress.report({ message }), cancel),
      );
    } catch (error) {
      if (error instanceof vscode.CancellationError) {
        return;
      }
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error(`not installed: ${reason}`);
      await this.choose(`irlens: the server was not installed: ${reason}. The log has all of it.`, {
        'Try Again': () => this.install(found),
        'Choose Python…': () => this.choosePython(),
        'Show Log': async () => this.log.show(),
      });
      return;
    }
    await this.life.restart();
    if (this.life.state.kind === 'running') {
      await this.ready();
    }
  }

  /** What comes next, for somebody who has just installed it. */
  private async ready(): Promise<void> {
    const sample = 'Open a Sample';
    const text = 'irlens is ready: open a .s file and choose "Lift to LLVM IR" over a function.';
    if ((await say.info(text, sample)) === sample) {
      await vscode.commands.executeCommand('irlens.openSample');
    }
  }

  private async missing(): Promise<void> {
    await this.choose(
      'irlens needs to set up its bundled server once (a private Python environment, about 100 MB of packages from your Python package index).',
      { Install: () => this.install(), 'Open Settings': openSettings },
      say.info,
    );
  }

  private async failed(reason: string): Promise<void> {
    await this.choose(`irlens: ${reason}`, {
      'Open Settings': openSettings,
      Restart: () => this.life.restart(),
      'Show Log': async () => this.log.show(),
    });
  }

  private async choosePython(): Promise<void> {
    const [file] = (await vscode.window.showOpenDialog({ title: 'Python for irlens', openLabel: 'Use This Python' })) ?? [];
    if (!file) {
      return;
    }
    const python = await probe(file.fsPath, this.folder);
    if (typeof python === 'string') {
      await this.choose(`irlens cannot use ${file.fsPath}: ${python}.`, { 'Choose Python…': () => this.choosePython() });
      return;
    }
    await this.install(python);
  }

  private async choose(text: string, actions: Record<string, () => Promise<void>>, tell: typeof say.info = say.error): Promise<void> {
    const chosen = await tell(text, ...Object.keys(actions));
    this.shown = false; // what follows may have something to say of its own
    await (chosen && actions[chosen]?.());
  }
}

/** The settings that say what is started. They belong to the machine that it runs on. */
async function openSettings(): Promise<void> {
  const query = '@ext:irlens.irlens path of';
  await (vscode.env.remoteName
    ? vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query })
    : vscode.commands.executeCommand('workbench.action.openSettings', query));
}
