/** The language client: what is served, with which options, and what of the server's offers is done here. */
import * as vscode from 'vscode';
import { type ErrorHandler, LanguageClient, type LanguageClientOptions, type Middleware, type StreamInfo } from 'vscode-languageclient/node';
import { SELECTOR } from './documents';
import { statusChanged } from './protocol';
import type { StatusItem } from './status';
import type { Targets } from './targets';

/**
 * The library's client, which writes its own troubles to the log and shows none.
 *
 * A server that does not start is one trouble and is told once, by `help`; the library would add a message for the
 * connection and one for each notification that was to be sent meanwhile.
 */
class QuietClient extends LanguageClient {
  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }

  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export function createClient(
  start: () => Promise<StreamInfo>,
  errorHandler: ErrorHandler,
  middleware: Middleware,
  log: vscode.LogOutputChannel,
  status: StatusItem,
  targets: Targets,
): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: SELECTOR,
    outputChannel: log,
    errorHandler,
    middleware,
    // A start that fails is told by us, once.
    initializationFailedHandler: () => false,
    initializationOptions: {
      workspaceTrusted: vscode.workspace.isTrusted,
      targets: targets.chosen(),
      settings: vscode.workspace.getConfiguration('irlens'),
    },
  };
  const client = new QuietClient('irlens', 'irlens', start, options);
  client.onNotification(statusChanged, (value) => status.show(value));
  return client;
}
