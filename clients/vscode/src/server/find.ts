/**
 * Which command starts the server: `irlens.serverPath`, else `irlens.python`, else the private environment, else
 * `irlens` on PATH. Both settings have machine scope, so no workspace can choose a program.
 */
import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Environment } from './environment';
import { onPath } from './python';

export interface ServerCommand {
  readonly command: string;
  /** What comes before `serve`, or `doctor`. */
  readonly args: readonly string[];
  readonly because: string;
}

/** `-P`: a module that lies in the working directory must never be taken for one of irlens's. */
const MODULE = ['-P', '-m', 'irlens'];

export async function findServer(environment: Environment | undefined): Promise<ServerCommand | undefined> {
  const settings = vscode.workspace.getConfiguration('irlens');
  const path = settings.get<string | null>('serverPath');
  if (path) {
    return { command: path, args: [], because: 'the setting irlens.serverPath' };
  }
  const python = settings.get<string | null>('python');
  if (python) {
    return { command: python, args: MODULE, because: 'the setting irlens.python' };
  }
  if (await environment?.isComplete()) {
    return { command: (environment as Environment).python, args: MODULE, because: 'the private environment' };
  }
  for (const file of onPath('irlens')) {
    if (await fs.access(file, fs.constants.X_OK).then(() => true, () => false)) {
      return { command: file, args: [], because: 'irlens on PATH' };
    }
  }
  return undefined;
}
