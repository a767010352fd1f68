/**
 * The private environment: the wheel that comes with the extension, installed where only the extension looks.
 *
 * One folder for each wheel, in the extension's own storage. A file `complete` is written last, so that an
 * installation that was broken off is never taken for one. Packages come from the user's package index, with
 * the hashes that this version was tested with.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Python } from './python';

const COMPLETE = 'complete';

export class Environment {
  private constructor(
    private readonly wheel: string,
    private readonly requirements: string,
    private readonly folder: string,
  ) {}

  /** The environment of the bundled wheel; nothing where the extension was packaged without one. */
  static async of(context: vscode.ExtensionContext): Promise<Environment | undefined> {
    const bundle = path.join(context.extensionPath, 'server');
    const names = await fs.readdir(bundle).catch(() => [] as string[]);
    const wheel = names.find((name) => name.endsWith('.whl'));
    if (!wheel) {
      return undefined;
    }
    const hash = createHash('sha256').update(await fs.readFile(path.join(bundle, wheel)));
    const name = `${wheel.split('-')[1]}-${hash.digest('hex').slice(0, 12)}`;
    const folder = path.join(context.globalStorageUri.fsPath, 'environments', name);
    return new Environment(path.join(bundle, wheel), path.join(bundle, 'requirements.lock'), folder);
  }

  get python(): string {
    return process.platform === 'win32'
      ? path.join(this.folder, 'Scripts', 'python.exe')
      : path.join(this.folder, 'bin', 'python');
  }

  async isComplete(): Promise<boolean> {
    return (await exists(path.join(this.folder, COMPLETE))) && (await exists(this.python));
  }

  /** Make it with this Python. Throws with what pip said; nothing half made is left behind. */
  async install(python: Python, log: vscode.LogOutputChannel, progress: Tell, cancel: vscode.CancellationToken): Promise<void> {
    const parent = path.dirname(this.folder);
    await fs.mkdir(parent, { recursive: true });
    await fs.rm(this.folder, { recursive: true, force: true });
    const pip = ['-I', '-m', 'pip', '--disable-pip-version-check', '--no-input', 'install'];
    try {
      progress('making a private environment');
      await run(python.path, ['-I', '-m', 'venv', this.folder], parent, log, cancel);
      progress('getting packages');
      const tellPackage = (line: string) => {
        const name = /^\s*(?:Downloading|Collecting|Using cached) (\S+)/.exec(line)?.[1];
        if (name) {
          progress(`getting ${name.split('/').pop()?.split(/-\d|=/)[0]}`);
        } else if (line.startsWith('Installing')) {
          progress('putting the packages in place');
        }
      };
      await run(this.python, [...pip, '--require-hashes', '-r', this.requirements], parent, log, cancel, tellPackage);
      progress('putting irlens in place');
      await run(this.python, [...pip, '--no-deps', '--no-index', this.wheel], parent, log, cancel);
      await fs.writeFile(path.join(this.folder, COMPLETE), `${python.path} ${python.version}\n`);
    } catch (error) {
      await fs.rm(this.folder, { recursive: true, force: true });
      throw error;
    }
    await this.removeOthers(parent, log);
  }

  /** Environments of other versions are of no use any more. */
  private async removeOthers(parent: string, log: vscode.LogOutputChannel): Promise<void> {
    for (const name of await fs.readdir(parent)) {
      if (name !== path.basename(this.folder)) {
        log.info(`removing the environment of another version, ${name}`);
        await fs.rm(path.join(parent, name), { recursive: true, force: true });
      }
    }
  }
}

type Tell = (message: string) => void;

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

/** Run a step to its end; its output goes to the log. A cancel ends it. */
function run(
  command: string,
  args: string[],
  cwd: string,
  log: vscode.LogOutputChannel,
  cancel: vscode.CancellationToken,
  onLine: (line: string) => void = () => undefined,
): Promise<void> {
  log.info([command, ...args].join(' '));
  return new Promise((resolve, reject) => {
    if (cancel.isCancellationRequested) {
      reject(new vscode.CancellationError());
      return;
    }
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = cancel.onCancellationRequested(() => child.kill());
    const last: string[] = [];
    const take = (data: Buffer) => {
      for (const line of data.toString().split(/\r?\n/)) {
        if (line.trim()) {
          log.info(line);
          onLine(line);
          last.push(line.trim());
          last.splice(0, last.length - 20);
        }
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (code) => {
      stop.dispose();
      if (cancel.isCancellationRequested) {
        reject(new vscode.CancellationError());
      } else if (code === 0) {
        resolve();
      } else {
        const reason = [...last].reverse().find((line) => /error/i.test(line)) ?? last.pop();
        reject(new Error(reason ?? `${command} ended with ${code}`));
      }
    });
  });
}
