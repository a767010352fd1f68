/** The language client: what is served, with which options, and what of the server's offers is done here. */
import * as vscode from 'vscode';
import { type ErrorHandler, LanguageClient, type LanguageClientOptions, type Middleware, type StreamInfo } from 'vscode-languageclient/node';
import { SELECTOR } from './documents';
import { statusChanged } from './protocol';
import type { StatusItem } from './status';

export function createClient(
  start: () => Promise<StreamInfo>,
  errorHandler: ErrorHandler,
  middleware: Middleware,
  log: vscode.LogOutputChannel,
  status: StatusItem,
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
      settings: vscode.workspace.getConfiguration('irlens'),
    },
  };
  const client = new LanguageClient('irlens', 'irlens', start, options);
  client.onNotification(statusChanged, (value) => status.show(value));
  return client;
}
