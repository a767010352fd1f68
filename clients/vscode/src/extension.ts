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
import { compare, type Comparison } from './features/compare';
import { Listings } from './features/disassemble';
import { IrLenses } from './features/lenses';
import { lift, type Target } from './features/lift';
import { Links } from './features/links';
import { middleware } from './features/middleware';
import { openManual } from './features/manual';
import { Models } from './features/models';
import { optimize, optimizeFunction } from './features/optimize';
import { Passes } from './features/passes';
import { predictPass } from './features/predict';
import { Previews } from './features/preview';
import { Proposals } from './features/proposal';
import { openSample } from './features/sample';
import { Steps } from './features/steps';
import { Help } from './help';
import { Jobs } from './jobs';
import { showMenu } from './menu';
import { trustChanged } from './protocol';
import * as say from './say';
import { Environment } from './server/environment';
import { findServer } from './server/find';
import { Life } from './server/life';
import { StatusItem } from './status';
import { Targets } from './targets';
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
  const targets = new Targets(context.workspaceState);
  const made = new Life(
    {
      find: () => findServer(environment),
      client: (start, errors) => createClient(start, errors, middleware, log, status, targets),
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
  const proposals = new Proposals();
  const links = new Links(previews);
  const models = new Models(made, jobs, texts, log);
  const steps = new Steps(jobs, texts, passes);
  const listings = new Listings(jobs);
  const lenses = new IrLenses();
  const command = (name: string, run: (...args: never[]) => unknown) =>
    vscode.commands.registerCommand(`irlens.${name}`, run);

  context.subscriptions.push(
    log,
    status,
    made,
    texts,
    previews,
    proposals,
    links,
    steps,
    listings,
    lenses,
    vscode.languages.registerCodeLensProvider(IR_FILES, lenses),
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
    command('liftFunction', (target?: Target) => lift(jobs, previews, status, named(target))),
    command('predictPass', (target?: Target) => predictPass(jobs, texts, passes, named(target))),
    command('stepThrough', (target?: Target) => steps.run(named(target))),
    command('optimize', (target?: Target) => optimize(jobs, proposals, named(target))),
    command('optimizeFunction', (target: Target) => optimizeFunction(jobs, proposals, target)),
    command('compare', (target?: Comparison) => compare(jobs, texts, named(target))),
    command('disassemble', (file?: vscode.Uri, first?: string) =>
      listings.run(file instanceof vscode.Uri ? file : undefined, typeof first === 'string' ? first : undefined),
    ),
    command('preprocess', (file?: vscode.Uri) => listings.preprocess(file instanceof vscode.Uri ? file : undefined)),
    command('openSample', () => openSample(context, 'bits.s')),
    command('openSampleModule', () => openSample(context, 'checksum.ll')),
    command('restart', () => made.restart()),
    command('stop', () => made.stop('you stopped it; "irlens: Restart Server" starts it')),
    command('install', () => help.install()),
    command('showLog', () => log.show()),
    command('settings', () => vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${context.extension.id}`)),
    command('trace', () => chooseTrace()),
    command('chooseTarget', () => targets.choose(made)),
    command('targetSetting', () => vscode.commands.executeCommand('workbench.action.openSettings', '@id:irlens.asm.target')),
    command('manual', () => openManual(context)),
    command('menu', () => showMenu(status, () => jobs.stopAll())),
    command('stopJobs', () => jobs.stopAll() || say.brief('irlens: nothing is running')),
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
function named<T extends Target>(target: T | undefined): T | undefined {
  return typeof target?.uri === 'string' ? target : undefined;
}

async function chooseTrace(): Promise<void> {
  const chosen = await vscode.window.showQuickPick(['off', 'messages', 'verbose'], { title: 'Trace of irlens, in the log' });
  if (chosen) {
    await vscode.workspace.getConfiguration('irlens').update('trace.server', chosen, vscode.ConfigurationTarget.Global);
  }
}
