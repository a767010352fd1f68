/**
 * Which Python a private environment is made with.
 *
 * What a workspace says is only listened to where the user trusts it: an interpreter in its folder is a program
 * of its author. Every interpreter is asked for its version with `-I`, in a folder of ours, so that nothing that
 * lies about is imported.
 */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import * as vscode from 'vscode';

export const OLDEST = [3, 11] as const;
const PROBE = 'import ensurepip, json, sys, venv; print(json.dumps([sys.executable, *sys.version_info[:2]]))';
const PROBE_MS = 10_000;

export interface Python {
  readonly path: string;
  readonly version: string;
}

/** `python` is the one to use; without one, `tried` says of each candidate why it was not taken. */
export interface PythonSearch {
  readonly python?: Python;
  readonly tried: string[];
}

export async function findPython(folder: string): Promise<PythonSearch> {
  const tried: string[] = [];
  for (const candidate of new Set(await candidates())) {
    const answer = await probe(candidate, folder);
    if (typeof answer !== 'string') {
      return { python: answer, tried };
    }
    tried.push(`${candidate}: ${answer}`);
  }
  return { tried };
}

/** The interpreter at `candidate`, or why it cannot be used. */
export async function probe(candidate: string, folder: string): Promise<Python | string> {
  const [executable, ...args] = candidate.startsWith('py -') ? candidate.split(' ') : [candidate];
  return new Promise((resolve) => {
    execFile(
      executable as string,
      [...args, '-I', '-c', PROBE],
      { cwd: folder, timeout: PROBE_MS },
      (error, stdout, stderr) => {
        if (error) {
          resolve(whyNot(error, stderr));
          return;
        }
        try {
          const [where, major, minor] = JSON.parse(stdout) as [string, number, number];
          const version = `${major}.${minor}`;
          const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
          resolve(isOld ? `it is Python ${version}, irlens needs ${OLDEST.join('.')} or newer` : { path: where, version });
        } catch {
          resolve('it does not answer as Python does');
        }
      },
    );
  });
}

function whyNot(error: Error & { code?: unknown }, stderr: string): string {
  if (error.code === 'ENOENT') {
    return 'not there';
  }
  if (stderr.includes('ensurepip') || stderr.includes('venv')) {
    return 'it has no `venv` (on Debian and Ubuntu: apt-get install python3-venv)';
  }
  return stderr.trim().split('\n').pop() || error.message;
}

async function candidates(): Promise<string[]> {
  const found: string[] = [];
  const settings = vscode.workspace.getConfiguration('python');
  // `inspect` leaves out what the workspace wrote into this setting, which it may.
  const ofUser = settings.inspect<string>('defaultInterpreterPath')?.globalValue;
  if (vscode.workspace.isTrusted) {
    found.push(...(await ofPythonExtension()));
    const now = settings.get<string>('defaultInterpreterPath');
    if (now && path.isAbsolute(now)) {
      found.push(now);
    }
  }
  if (ofUser && path.isAbsolute(ofUser)) {
    found.push(ofUser);
  }
  const names = process.platform === 'win32' ? ['py -3', 'python'] : ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];
  for (const name of names) {
    if (name.startsWith('py -')) {
      found.push(name);
    } else {
      found.push(...onPath(name));
    }
  }
  return found;
}

/** What the Python extension has chosen, where it is installed. */
async function ofPythonExtension(): Promise<string[]> {
  const extension = vscode.extensions.getExtension('ms-python.python');
  if (!extension) {
    return [];
  }
  try {
    const api = (await extension.activate()) as {
      environments?: { getActiveEnvironmentPath(): { path: string }; resolveEnvironment(of: unknown): Promise<{ executable?: { uri?: vscode.Uri } } | undefined> };
    };
    const chosen = api.environments?.getActiveEnvironmentPath();
    const resolved = chosen && (await api.environments?.resolveEnvironment(chosen));
    const uri = resolved?.executable?.uri;
    return uri ? [uri.fsPath] : [];
  } catch {
    return []; // it is its own affair; there are other places to look
  }
}

/** Files of this name in PATH. A relative folder there is one of the workspace's, so it does not count. */
export function onPath(name: string): string[] {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name + suffix));
}
