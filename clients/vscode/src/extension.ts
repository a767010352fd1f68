/**
 * Starts the irlens server for LLVM IR and assembly, and keeps one running.
 *
 * All of irlens's knowledge is in the server; here is only what VS Code needs to find it, start it, start it
 * again, and show its state.
 */
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions } from 'vscode-languageclient/node';
import { findServer } from './server';
import { StatusItem } from './status';

/** Changing one of these needs another process. */
const STARTUP_SETTINGS = ['irlens.serverPath', 'irlens.python'];

let client: LanguageClient | undefined;
/** Starts and stops happen one after the other, however fast they are asked for. */
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('irlens', { log: true });
  const status = new StatusItem();
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand('irlens.restart', () => inTurn(() => restart(log, status))),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (STARTUP_SETTINGS.some((name) => change.affectsConfiguration(name))) {
        void inTurn(() => restart(log, status));
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      void client?.sendNotification('irlens/trust', { trusted: true });
    }),
  );
  await inTurn(() => restart(log, status));
}

export function deactivate(): Promise<void> {
  return inTurn(stop);
}

function inTurn(step: () => Promise<void>): Promise<void> {
  turn = turn.then(step, step);
  return turn;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  // One that is in the middle of failing cannot be stopped, which is no reason not to start another.
  await running?.dispose().catch(() => undefined);
}

async function restart(log: vscode.LogOutputChannel, status: StatusItem): Promise<void> {
  await stop();
  const server = findServer();
  log.info(`starting ${[server.command, ...server.args].join(' ')}`);
  const options: LanguageClientOptions = {
    // By name as well as by language: other extensions give `.s` languages of their own.
    documentSelector: [
      { scheme: 'file', language: 'llvm' },
      { scheme: 'untitled', language: 'llvm' },
      { scheme: 'file', language: 'asm' },
      { scheme: 'untitled', language: 'asm' },
      { scheme: 'file', pattern: '**/*.{ll,s,S}' },
    ],
    outputChannel: log,
    initializationOptions: {
      workspaceTrusted: vscode.workspace.isTrusted,
      settings: vscode.workspace.getConfiguration('irlens'),
    },
  };
  const started = new LanguageClient('irlens', 'irlens', server, options);
  started.onNotification('irlens/status', (value) => status.show(value));
  try {
    await started.start();
    client = started;
  } catch (error) {
    log.error(String(error));
    await started.dispose().catch(() => undefined);
    status.failed(String(error));
    void offerHelp(server.command, log);
  }
}

async function offerHelp(command: string, log: vscode.LogOutputChannel): Promise<void> {
  const settings = 'Open Settings';
  const showLog = 'Show Log';
  const text =
    `irlens: the server did not start (${command}). Install it with "pip install irlens", ` +
    'or say where it is in the setting irlens.serverPath or irlens.python.';
  const choice = await vscode.window.showErrorMessage(text, settings, showLog);
  if (choice === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'irlens.');
  } else if (choice === showLog) {
    log.show();
  }
}
