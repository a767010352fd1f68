/**
 * irlens in VS Code. All of irlens's knowledge is in the server; here is what VS Code needs to find it, keep one
 * running and show what it answers.
 *
 * This file only puts the parts together: `server/` finds, installs and watches the server, `features/` is one
 * module for each thing a user does, `jobs` asks the server under a progress bar.
 */
import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { createClient } from './client';
import { optimise } from './features/improve';
import { IrLenses } from './features/lenses';
import { lift, type Target } from './features/lift';
import { Links } from './features/links';
import { middleware } from './features/middleware';
import { Models } from './features/models';
import { Passes } from './features/passes';
import { predictPass } from './features/predict';
import { Previews } from './features/preview';
import { openSample } from './features/sample';
import { Steps } from './features/steps';
import { Help } from './help';
import { Jobs } from './jobs';
import { showMenu } from './menu';
import { trustChanged } from './protocol';
import { Environment } from './server/environment';
import { findServer } from './server/find';
import { Life } from './server/life';
import { StatusItem } from './status';
import { versions } from './versions';
import { VirtualDocuments } from './virtual';

/** Changing one of these needs another process. */
const STARTUP_SETTINGS = ['irlens.serverPath', 'irlens.python'];

/** IR that is the user's own, whatever language it was given: what is shown read-only has no lenses of this kind. */
const IR_FILES = [
  { scheme: 'file', language: 'llvm' },
  { scheme: 'untitled', language: 'llvm' },
  { scheme: 'file', pattern: '**/*.ll' },
];

let life: Life | undefined;

/** What other extensions, and tests, may ask. */
export interface Api {
  /** What the status item says, as lines. */
  status(): string[];
  /** The lines that are marked beside the editor that has the focus, by file name. */
  linked(): Record<string, readonly number[]>;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const log = vscode.window.createOutputChannel('irlens', { log: true });
  const folder = context.globalStorageUri.fsPath;
  await fs.mkdir(folder, { recursive: true });
  const environment = await Environment.of(context);
  const status = new StatusItem();
  const made = new Life(
    {
      find: () => findServer(environment),
      client: (start, errors) => createClient(start, errors, middleware, log, status),
    },
    folder,
    log,
  );
  life = made;
  const help = new Help(made, environment, folder, log);
  const jobs = new Jobs(made, status, log);
  const passes = new Passes(made);
  const texts = new VirtualDocuments('irlens');
  const previews = new Previews(texts);
  const links = new Links(previews);
  const models = new Models(made, jobs, texts, log);
  const steps = new Steps(jobs, texts, passes);
  const command = (name: string, run: (...args: never[]) => unknown) =>
    vscode.commands.registerCommand(`irlens.${name}`, run);

  context.subscriptions.push(
    log,
    status,
    made,
    texts,
    previews,
    links,
    steps,
    vscode.languages.registerCodeLensProvider(IR_FILES, new IrLenses()),
    made.onDidChange((state) => {
      status.server(state);
      void vscode.commands.executeCommand('setContext', 'irlens.running', state.kind === 'running');
      void help.offer(state);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (STARTUP_SETTINGS.some((name) => change.affectsConfiguration(name))) {
        void made.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      void made.client?.sendNotification(trustChanged, { trusted: true });
    }),
    command('liftFunction', (target?: Target) => lift(jobs, previews, named(target))),
    command('predictPass', (target?: Target) => predictPass(jobs, texts, passes, named(target))),
    command('stepThrough', (target?: Target) => steps.run(named(target))),
    command('optimise', (target?: Target) => optimise(jobs, texts, named(target))),
    command('openSample', () => openSample(context, 'bits.s')),
    command('openSampleModule', () => openSample(context, 'checksum.ll')),
    command('restart', () => made.restart()),
    command('stop', () => made.stop('you stopped it; "irlens: Restart Server" starts it')),
    command('install', () => help.install()),
    command('showLog', () => log.show()),
    command('settings', () => vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`)),
    command('trace', () => chooseTrace()),
    command('menu', () => showMenu(status, () => jobs.stopAll())),
    command('stopJobs', () => jobs.stopAll()),
    command('chooseModel', () => models.choose()),
    command('downloadModel', () => models.download()),
    command('removeModel', () => models.remove()),
    command('showModel', () => models.show()),
    command('versions', async () => {
      const text = await versions(context.extension, await findServer(environment), folder);
      await vscode.window.showTextDocument(texts.put('irlens versions.txt', '', text), { preview: true });
    }),
  );
  // The session is up before the server is: nothing here waits for it.
  void made.restart();
  return { status: () => status.lines(), linked: () => links.shown() };
}

export async function deactivate(): Promise<void> {
  await life?.stop('the window closes');
}

/** Menus give a command the file that they were opened on; only an action's or a lens's own argument names a target. */
function named(target: Target | undefined): Target | undefined {
  return typeof target?.uri === 'string' ? target : undefined;
}

async function chooseTrace(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(['off', 'messages', 'verbose'], { title: 'Trace of irlens, in the log' });
  if (chosen) {
    await vscode.workspace.getConfiguration('irlens').update('trace.server', chosen, vscode.ConfigurationTarget.Global);
  }
}
