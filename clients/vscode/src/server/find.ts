/**
 * Which command starts the server: `irlens.serverPath`, else `irlens.python`, else the private environment, else
 * `irlens` on PATH. Both settings have machine scope, so no workspace can choose a program.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
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
  const server = settings.get<string | null>('serverPath')?.trim();
  if (server) {
    return { command: withHome(server), args: [], because: 'irlens.serverPath' };
  }
  const python = settings.get<string | null>('python')?.trim();
  if (python) {
    return { command: withHome(python), args: MODULE, because: 'irlens.python' };
  }
  if (await environment?.isComplete()) {
    return { command: (environment as Environment).python, args: MODULE, because: 'the private environment' };
  }
  for (const file of onPath('irlens')) {
    if (await isProgram(file)) {
      return { command: file, args: [], because: 'irlens on PATH' };
    }
  }
  return undefined;
}

/** Why this command cannot be run, to show to the user; nothing where it can be tried. Asked before anything is
 * started, so that one trouble is one message. */
export async function whyNotStarted({ command, because }: ServerCommand): Promise<string | undefined> {
  const refusal = (why: string) => `Cannot start the server: ${command} (${because}) ${why}`;
  if (!/[/\\]/.test(command)) {
    const places = onPath(command);
    const found = await Promise.all(places.map(isProgram));
    return found.includes(true) ? undefined : refusal('is not on PATH. Give its whole path.');
  }
  if (!path.isAbsolute(command)) {
    return refusal('is not an absolute path. Give it from / on, or from ~ on.');
  }
  const stat = await fs.stat(command).catch((error: NodeJS.ErrnoException) => error.code ?? 'ENOENT');
  if (typeof stat === 'string') {
    const first = command.split(' ')[0] ?? '';
    const hasArguments = first !== command && (await isProgram(first));
    return refusal(
      stat === 'EACCES' ? 'cannot be read. Check its permissions.' : `does not exist.${hasArguments ? ` Give the path alone, without arguments: ${first}` : ''}`,
    );
  }
  if (stat.isDirectory()) {
    return refusal('is a folder. Name the command in it.');
  }
  return (await isProgram(command)) ? undefined : refusal('is not executable.');
}

async function isProgram(file: string): Promise<boolean> {
  return fs.access(file, fs.constants.X_OK).then(
    async () => (await fs.stat(file)).isFile(),
    () => false,
  );
}

function withHome(file: string): string {
  return /^~(?=[/\\])/.test(file) ? os.homedir() + file.slice(1) : file;
}
