/**
 * The life of the server: at most one at a time, started again when it dies, and not for ever.
 *
 * Starts and stops happen one after the other. A restart that is asked for while another waits is that one: ten
 * changes of a setting are one restart. A server that dies again and again is left alone, with the reason.
 */
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, type ErrorHandler, type LanguageClient, type StreamInfo } from 'vscode-languageclient/node';
import { type ServerCommand, whyNotStarted } from './find';
import { ServerProcess } from './process';

/** More ends than this within the time are a loop. */
const MOST_CRASHES = 3;
const CRASH_WINDOW_MS = 3 * 60_000;
/** A start takes less than a second; more than this is a server that does not answer. */
const ANSWER_LIMIT_MS = 20_000;

export type State =
  | { kind: 'stopped'; reason: string }
  | { kind: 'missing' }
  | { kind: 'starting' }
  | { kind: 'running'; client: LanguageClient }
  | { kind: 'failed'; reason: string };

export interface Maker {
  /** The command to run now; nothing where there is none. */
  find(): Promise<ServerCommand | undefined>;
  /** A client whose server is what `start` gives. */
  client(start: () => Promise<StreamInfo>, errors: ErrorHandler): LanguageClient;
}

export class Life implements vscode.Disposable {
  private turn: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;
  private process: ServerProcess | undefined;
  private crashes: number[] = [];
  private current: State = { kind: 'stopped', reason: 'not started yet' };
  private readonly changed = new vscode.EventEmitter<State>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly maker: Maker,
    private readonly folder: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): State {
    return this.current;
  }

  get client(): LanguageClient | undefined {
    return this.current.kind === 'running' ? this.current.client : undefined;
  }

  get pid(): number | undefined {
    return this.process?.running ? this.process.child.pid : undefined;
  }

  /** Start it, or start it anew. */
  restart(): Promise<void> {
    this.waiting ??= this.inTurn(async () => {
      this.waiting = undefined;
      this.crashes = [];
      await this.end();
      await this.begin();
    });
    return this.waiting;
  }

  stop(reason: string): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      this.set({ kind: 'stopped', reason });
    });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private inTurn(step: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(step, step);
    return this.turn;
  }

  private async begin(): Promise<void> {
    this.set({ kind: 'starting' });
    const server = await this.maker.find();
    if (!server) {
      this.set({ kind: 'missing' });
      return;
    }
    let told: (reason: Error) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      told = reject;
    });
    ended.catch(() => undefined); // later it is `closed` that tells
    const start = async () => {
      this.log.info(`starting ${[server.command, ...server.args, 'serve'].join(' ')} (${server.because})`);
      const process = new ServerProcess(server, this.folder, (text) => this.log.append(text));
      this.process = process;
      process.ended.catch(told);
      process.child.once('exit', (code, signal) => this.log.info(`the server ended (${signal ?? code})`));
      return process.started();
    };
    const refusal = await whyNotStarted(server);
    if (refusal) {
      this.log.error(refusal);
      this.set({ kind: 'failed', reason: refusal });
      return;
    }
    const client = this.maker.client(start, { error: () => ({ action: ErrorAction.Continue, handled: true }), closed: () => this.closed(client) });
    try {
      await within(ANSWER_LIMIT_MS, Promise.race([started(client, ended), ended]));
      this.set({ kind: 'running', client });
    } catch (error) {
      const words = this.process?.lastWords;
      await this.drop(client);
      const reason = words || (error instanceof Error ? error.message : String(error));
      this.log.error(`the server did not start: ${reason}`);
      this.set({ kind: 'failed', reason: `Cannot start the server: ${server.command} (${server.because}): ${reason}${advice(reason)}` });
    }
  }

  /** The connection closed. Where that was not our doing the server has died. */
  private closed(client: LanguageClient): { action: CloseAction; handled: boolean } {
    // The client's own way of restarting is not used: a start after a crash is a start like any other.
    const answer = { action: CloseAction.DoNotRestart, handled: true };
    if (this.client !== client) {
      return answer;
    }
    const now = Date.now();
    this.crashes = [...this.crashes.filter((then) => now - then < CRASH_WINDOW_MS), now];
    const words = this.process?.lastWords ?? '';
    const isLoop = this.crashes.length > MOST_CRASHES;
    this.log.warn(`the server ended by itself${words ? ` (${words})` : ''}${isLoop ? '' : '; starting it again'}`);
    this.set({ kind: 'starting' });
    void this.inTurn(async () => {
      await this.drop(client);
      if (!isLoop) {
        await this.begin();
        return;
      }
      const seconds = Math.ceil((now - (this.crashes[0] ?? now)) / 1000);
      const times = `The server crashed ${this.crashes.length} times in ${seconds} s and is not restarted again`;
      this.set({ kind: 'failed', reason: words ? `${times}. Last error: ${words}` : `${times}.` });
    });
    return answer;
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.current = { kind: 'stopped', reason: 'it is being stopped' };
    if (client) {
      await this.drop(client);
    }
  }

  private async drop(client: LanguageClient): Promise<void> {
    // One that is in the middle of failing cannot be stopped, which is no reason not to start another.
    await client.dispose().catch(() => undefined);
    await this.process?.end();
    this.process = undefined;
  }

  private set(state: State): void {
    this.current = state;
    this.changed.fire(state);
  }
}

/** A start whose connection is closed meanwhile resolves all the same: it is the process's end that tells then. */
async function started(client: LanguageClient, ended: Promise<never>): Promise<void> {
  await client.start();
  if (!client.isRunning()) {
    await ended;
  }
}

/** What to do about some of the reasons, after a space; else nothing. */
function advice(reason: string): string {
  return /No module named '?irlens/.test(reason) ? '. Install irlens for that interpreter ("python -m pip install" with a clone of the project), or clear the setting' : '';
}

async function within<T>(limit_ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit_ms / 1000} s`)), limit_ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
