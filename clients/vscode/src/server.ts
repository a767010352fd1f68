/** Which command starts the server. Both settings have machine scope, so no workspace can choose a program. */
import * as vscode from 'vscode';

export interface ServerCommand {
  readonly command: string;
  readonly args: string[];
}

/** `irlens.serverPath`, else `irlens.python` with `-m irlens`, else `irlens` on PATH. */
export function findServer(): ServerCommand {
  const settings = vscode.workspace.getConfiguration('irlens');
  const path = settings.get<string | null>('serverPath');
  if (path) {
    return { command: path, args: ['serve'] };
  }
  const python = settings.get<string | null>('python');
  if (python) {
    return { command: python, args: ['-m', 'irlens', 'serve'] };
  }
  return { command: 'irlens', args: ['serve'] };
}
