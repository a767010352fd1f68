/** The server's process: started in a folder of ours, its last words kept, ended when it does not end itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { StreamInfo } from 'vscode-languageclient/node';
import type { ServerCommand } from './find';
import { Messages } from './messages';

const LAST_WORDS = 4000;
const GRACE_MS = 3000;

export class ServerProcess {
  readonly child: ChildProcess;
  private words = '';
  private stray = '';
  /** Rejects when it ends, with the reason where one is known. */
  readonly ended: Promise<never>;

  /** `folder` is the working directory: never the workspace, whose files Python would import. `log` gets what it
   * says on its standard error. */
  constructor(server: ServerCommand, folder: string, log: (text: string) => void) {
    this.child = spawn(server.command, [...server.args, 'serve'], { cwd: folder });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.words = (this.words + data.toString()).slice(-LAST_WORDS);
      log(data.toString());
    });
    this.child.stdin?.on('error', () => undefined); // it ended while it was spoken to; `ended` says so
    this.ended = new Promise((_, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => reject(new Error(this.lastWords || `it ended by itself (${signal ?? code})`)));
    });
    this.ended.catch(() => undefined); // whoever waits for it is told
  }

  /** Resolves once it runs; rejects where it cannot be started. */
  started(): Promise<StreamInfo> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => {
        const { stdout, stdin } = child;
        if (stdout && stdin) {
          const reader = stdout.pipe(new Messages((line) => this.broke(line)));
          resolve({ reader, writer: stdin, detached: true });
        }
      });
    });
  }

  /** The last line that it said, which mostly is why it ended. */
  get lastWords(): string {
    return this.stray || (this.words.trim().split('\n').pop()?.trim() ?? '');
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Wait a little for its own end, then end it. */
  async end(): Promise<void> {
    if (!this.running) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.child.kill('SIGKILL'), GRACE_MS);
      this.child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private broke(line: string): void {
    this.stray = `unexpected output on stdout: "${line}" (is a wrapper script printing?)`;
    this.child.kill();
  }
}
