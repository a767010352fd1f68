/** "irlens: Versions": what is installed and what it found, as text to read or to paste into a report. */
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import type { ServerCommand } from './server/find';

const LIMIT_MS = 60_000;

export async function versions(extension: vscode.Extension<unknown>, server: ServerCommand | undefined, folder: string): Promise<string> {
  const head = [
    `irlens extension: ${extension.packageJSON.version}`,
    `VS Code: ${vscode.version}${vscode.env.remoteName ? ` (remote: ${vscode.env.remoteName})` : ''}`,
    `server: ${server ? `${[server.command, ...server.args].join(' ')} (${server.because})` : 'none'}`,
  ];
  return `${[...head, '', server ? await doctor(server, folder) : 'Install it with the command "irlens: Install Server".'].join('\n')}\n`;
}

/** What `irlens doctor` prints; it ends with 1 where something is missing, and says what. */
function doctor(server: ServerCommand, folder: string): Promise<string> {
  const settings = vscode.workspace.getConfiguration('irlens');
  const options = [
    ['--model', 'model.path'],
    ['--opt', 'llvm.opt'],
    ['--assembler', 'llvm.assembler'],
  ].flatMap(([option, name]) => {
    const value = settings.get<string | null>(name as string);
    return value ? [option as string, value] : [];
  });
  return new Promise((resolve) => {
    execFile(server.command, [...server.args, 'doctor', ...options], { cwd: folder, timeout: LIMIT_MS }, (error, stdout, stderr) =>
      resolve(stdout.trim() || stderr.trim() || String(error)),
    );
  });
}
