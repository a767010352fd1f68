/** What the user asked for and waits for: a request with its progress in a notification that can call it off. */
import * as vscode from 'vscode';
import * as say from './say';
import { type RequestType, ResponseError, WorkDoneProgress } from 'vscode-languageclient/node';
import type { Life } from './server/life';
import type { StatusItem } from './status';

const CANCELLED = new Set([-32800, -32802]);
/** A cancel is answered within moments; a server that is silent for longer is not waited for. */
const CANCEL_LIMIT_MS = 5000;

/** A cancel had no effect. */
class Silent extends Error {}

/** `over` rejects where nothing has come some time after a cancel: nobody is to look at a spinner then. */
function afterCancel(token: vscode.CancellationToken): { over: Promise<never>; dispose(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stop: vscode.Disposable | undefined;
  const over = new Promise<never>((_, reject) => {
    stop = token.onCancellationRequested(() => {
      timer = setTimeout(() => reject(new Silent()), CANCEL_LIMIT_MS);
    });
  });
  return {
    over,
    dispose: () => {
      clearTimeout(timer);
      stop?.dispose();
    },
  };
}

/** What is done with a job that did not come to its end, in place of the usual words. Such a job is a download: its
 * progress has a percentage, and the model is not busy with it. */
export interface Ended {
  failed(error: Error): void;
  cancelled(): void;
}

export class Jobs {
  private readonly running = new Set<vscode.CancellationTokenSource>();
  private count = 0;

  constructor(
    private readonly life: Life,
    private readonly status: StatusItem,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Call everything off; how many there were. */
  stopAll(): number {
    for (const source of this.running) {
      source.cancel();
    }
    return this.running.size;
  }

  /** The answer; nothing when it was called off or failed, which the user was then told. */
  async ask<P extends object, R>(title: string, type: RequestType<P, R, void>, params: P, ended?: Ended): Promise<R | undefined> {
    const client = this.life.client;
    if (!client) {
      await this.noServer();
      return undefined;
    }
    title = say.label(title);
    const source = new vscode.CancellationTokenSource();
    const workDoneToken = `irlens-vscode-${++this.count}`;
    const idle = ended ? () => undefined : this.status.busy();
    this.running.add(source);
    try {
      return await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        async (progress, cancelled) => {
          const silence = afterCancel(source.token);
          const stop = cancelled.onCancellationRequested(() => source.cancel());
          let shown = 0;
          const heard = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
            if (value.kind !== 'report') {
              return;
            }
            const increment = ended && value.percentage !== undefined ? value.percentage - shown : 0;
            shown += increment;
            progress.report({ ...(value.message === undefined ? {} : { message: say.label(value.message) }), ...(increment > 0 ? { increment } : {}) });
          });
          try {
            const answer = client.sendRequest(type, { ...params, workDoneToken }, source.token);
            return await Promise.race([answer, silence.over]);
          } finally {
            silence.dispose();
            heard.dispose();
            stop.dispose();
          }
        },
      );
    } catch (error) {
      if (error instanceof Silent) {
        this.log.error(`${title}: no answer, not even to its cancel`);
        void this.silent(title);
        return undefined;
      }
      if (source.token.isCancellationRequested || (error instanceof ResponseError && CANCELLED.has(error.code))) {
        this.log.info(`${title}: cancelled`);
        if (ended) {
          ended.cancelled();
          return undefined;
        }
        say.brief(`irlens: ${title} was cancelled`);
        return undefined;
      }
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error(`${title}: ${reason}`);
      if (ended) {
        ended.failed(error instanceof Error ? error : new Error(reason));
      } else {
        void this.failed(title, reason);
      }
      return undefined;
    } finally {
      this.running.delete(source);
      source.dispose();
      idle();
    }
  }

  /** Whether there is a server to ask; else the user is told, with the way to one. */
  hasServer(): boolean {
    if (!this.life.client) {
      void this.noServer();
      return false;
    }
    return true;
  }

  /** Say that there is none, with the way to one. */
  async noServer(): Promise<void> {
    const { kind } = this.life.state;
    if (kind === 'starting') {
      say.brief('irlens: the server is starting. Try again in a moment.');
      return;
    }
    const button = kind === 'missing' ? 'Install' : 'Start Server';
    const text = `irlens: ${this.status.lines().join(' ')}`;
    const chosen = await (kind === 'failed' ? say.error(text, button) : say.info(text, button));
    if (chosen === button) {
      await (kind === 'missing' ? vscode.commands.executeCommand('irlens.install') : this.life.restart());
    }
  }

  private async silent(title: string): Promise<void> {
    const restart = 'Restart Server';
    const text = `irlens: the server is not responding, not even to the cancel of "${title}".`;
    if ((await say.warn(text, restart)) === restart) {
      await this.life.restart();
    }
  }

  private async failed(title: string, reason: string): Promise<void> {
    const log = 'Show Log';
    const limit = 'Open Setting';
    const setting = /irlens\.llvm\.timeLimit/.exec(reason)?.[0];
    const answer = await say.error(`irlens: ${title}: ${reason}`, ...(setting ? [limit] : []), log);
    if (answer === log) {
      this.log.show();
    } else if (answer === limit) {
      await vscode.commands.executeCommand('workbench.action.openSettings', `@id:${setting}`);
    }
  }
}
