/** The server's process: started in a folder of ours, its last words kept, ended when it does not end itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { ServerCommand } from './find';

const LAST_WORDS = 4000;
const GRACE_MS = 3000;

export class ServerProcess {
  readonly child: ChildProcess;
  private words = '';

  /** `folder` is the working directory: never the workspace, whose files Python would import. */
  constructor(server: ServerCommand, folder: string) {
    this.child = spawn(server.command, [...server.args, 'serve'], { cwd: folder });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.words = (this.words + data.toString()).slice(-LAST_WORDS);
    });
  }

  /** Resolves once it runs; rejects where it cannot be started. */
  started(): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
      this.child.once('spawn', () => resolve(this.child));
      this.child.once('error', reject);
    });
  }

  /** The last line that it said, which mostly is why it ended. */
  get lastWords(): string {
    return this.words.trim().split('\n').pop()?.trim() ?? '';
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
}
