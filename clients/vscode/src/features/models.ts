/**
 * Models: choosing one for a task, downloading, deleting, and saying which one is asked.
 *
 * What there is and what a choice means is the server's to say. Here it is shown, a licence is put before the user
 * before anything is fetched, and an error gets the button that helps. A choice is kept beside the models and counts in
 * every editor and in the shell, unless a setting names another model.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import { ResponseError, type RequestType } from 'vscode-languageclient/node';
import type { Ended, Jobs } from '../jobs';
import { type Licence, type Models as Listed, models, pullModel, removeModel, type Task, TASKS, useModel } from '../protocol';
import type { Life } from '../server/life';
import type { VirtualDocuments } from '../virtual';
import { aboutHere, chooseQuantization, entriesOf, type Entry, toDownload, words } from './model_lists';
import { size } from './numbers';

/** Kinds of failure that another repackaging of the model may not have. */
const OF_THE_REPOSITORY = ['no-repository', 'no-file', 'no-quantisation', 'corrupt', 'unverifiable', 'gated'];

/** What is to be downloaded; `repository` only where it is not the one that the catalogue prefers. */
interface Wanted {
  readonly name: string;
  readonly acceptLicence: boolean;
  readonly repository?: string;
}

export class Models {
  constructor(
    private readonly life: Life,
    private readonly jobs: Jobs,
    private readonly texts: VirtualDocuments,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Choose a model and what it is for; one that is not here is downloaded first. */
  async choose(): Promise<void> {
    if (!(await trusted())) {
      return;
    }
    const listed = await this.request(models, {});
    if (!listed) {
      return;
    }
    const chosen = await vscode.window.showQuickPick(entriesOf(listed), {
      title: 'Model of irlens',
      placeHolder: 'An installed model, one to download, a file or a server',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    const wanted = chosen?.entry ? await chooseQuantization(listed, chosen.entry) : chosen?.model;
    const name = wanted?.name ?? (chosen?.other === 'file' ? await chooseFile() : chosen?.other === 'server' ? await askAddress() : undefined);
    if (!name) {
      return;
    }
    const isHere = !wanted || wanted.kind !== 'catalogue' || wanted.state === 'here';
    if (isHere || (await this.fetch({ name, acceptLicence: false }))) {
      await this.use(name, wanted?.tasks ?? TASKS);
    }
  }

  /** Download a model of the catalogue, and offer to use it. */
  async download(): Promise<void> {
    if (!(await trusted())) {
      return;
    }
    const listed = await this.request(models, {});
    if (!listed) {
      return;
    }
    const chosen = await vscode.window.showQuickPick(toDownload(listed), {
      title: 'Download a model for irlens',
      placeHolder: 'Which model? Its sizes come next',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    const model = chosen?.entry && (await chooseQuantization(listed, chosen.entry));
    if (!model || !(await this.fetch({ name: model.name, acceptLicence: false }))) {
      return;
    }
    const use = 'Use It…';
    if ((await say.info(`irlens: ${model.name} is here, its SHA-256 checked.`, use)) === use) {
      await this.use(model.name, model.tasks);
    }
  }

  /** Delete a model that was downloaded, or the part of one that was. */
  async remove(): Promise<void> {
    if (!(await trusted())) {
      return;
    }
    const listed = await this.request(models, {});
    const there = listed?.models.filter((model) => model.kind === 'catalogue' && model.state !== 'absent') ?? [];
    if (!listed) {
      return;
    }
    if (there.length === 0) {
      void say.info('irlens: no model was downloaded, so there is none to remove.');
      return;
    }
    const chosen = await vscode.window.showQuickPick(
      there.map((model): Entry => ({ label: say.label(model.name), description: aboutHere(model), model })),
      { title: 'Remove a model of irlens' },
    );
    if (!chosen?.model) {
      return;
    }
    const yes = 'Remove';
    const detail = `${size(chosen.model.bytes ?? 0)} in ${listed.folder}${chosen.model.used_for.length > 0 ? `. It is used for ${words(chosen.model.used_for)}; the embedded model will be` : ''}.`;
    if ((await say.warn(`Remove ${chosen.model.name}?`, { modal: true, detail }, yes)) !== yes) {
      return;
    }
    const removed = await this.request(removeModel, { name: chosen.model.name });
    if (removed) {
      const back = removed.embedded_for.length > 0 ? ` The embedded model is used for ${words(removed.embedded_for)} now.` : '';
      void say.info(`irlens: ${removed.removed} is removed, ${size(removed.freed)} freed.${back}`);
    }
  }

  /** Which model does what, where it lies and what runs it. */
  async show(): Promise<void> {
    const listed = await this.request(models, {});
    if (listed) {
      const uri = this.texts.put('irlens models.txt', '', describe(listed));
      await vscode.window.showTextDocument(uri, { preview: true });
    }
  }

  private async use(name: string, able: readonly Task[]): Promise<void> {
    const tasks = await chooseTasks(name, able);
    const used = tasks && (await this.request(useModel, { name, tasks }));
    if (!used) {
      return;
    }
    const setting = Object.values(used.overruled)[0];
    const said = [`${used.name} is used for ${words(used.tasks)} from now on.`, used.hint, used.credit && `${used.credit}.`].filter(Boolean).join(' ');
    if (!setting) {
      void say.info(`irlens: ${said}`);
      return;
    }
    const over = words(Object.keys(used.overruled) as Task[]);
    if (!setting.startsWith('irlens.')) {
      void say.warn(`irlens: ${used.name} is chosen, but the server was started with ${setting}, which counts for ${over}.`);
      return;
    }
    const clear = 'Remove the Setting';
    const text = `irlens: ${used.name} is chosen, but the setting ${setting} names another model, which counts for ${over}.`;
    if ((await say.warn(text, clear)) === clear) {
      await vscode.workspace.getConfiguration().update(setting, undefined, vscode.ConfigurationTarget.Global);
    }
  }

  /** Have it here; false where it does not come to that, of which the user was told. */
  private async fetch(wanted: Wanted): Promise<boolean> {
    const ended: Ended = {
      failed: (error) => void this.failed(wanted, error),
      cancelled: () => void this.cancelled(wanted),
    };
    const answer = await this.jobs.ask(`Download ${wanted.name}`, pullModel, wanted, ended);
    if (!answer) {
      return false;
    }
    if (answer.pulled) {
      return true;
    }
    return (await accepts(answer.title, answer.gigabytes, answer.licence)) && this.fetch({ ...wanted, acceptLicence: true });
  }

  private async failed(wanted: Wanted, error: Error): Promise<void> {
    const kind = error instanceof ResponseError ? (error.data as { kind?: string } | undefined)?.kind : undefined;
    const page = /https?:\/\/[^\s,;]+/.exec(error.message)?.[0];
    const open = 'Open Page';
    const other = 'Other Repository…';
    const again = 'Try Again';
    const log = 'Show Log';
    const buttons = [
      ...(page && (kind === 'gated' || kind === 'login') ? [open] : []),
      ...(kind && OF_THE_REPOSITORY.includes(kind) ? [other] : []),
      ...(kind ? [again] : [log]),
    ];
    const chosen = await say.error(`irlens: Download ${wanted.name}: ${error.message}`, ...buttons);
    if (chosen === again) {
      await this.fetchAndSay(wanted);
    } else if (chosen === other) {
      await this.fromAnother(wanted);
    } else if (chosen === open && page) {
      await vscode.env.openExternal(vscode.Uri.parse(page));
    } else if (chosen === log) {
      this.log.show();
    }
  }

  private async fromAnother(wanted: Wanted): Promise<void> {
    const listed = await this.request(models, {});
    const known = listed?.catalogue[wanted.name.split(':')[0] ?? '']?.repositories ?? [];
    const typed = 'Another, as OWNER/NAME…';
    const chosen = await vscode.window.showQuickPick([...known, typed], { title: `Download ${wanted.name} from` });
    const repository =
      chosen === typed
        ? (await vscode.window.showInputBox({ title: 'Repository on the hub', placeHolder: 'OWNER/NAME' }))?.trim()
        : chosen;
    if (repository) {
      await this.fetchAndSay({ ...wanted, repository });
    }
  }

  private async cancelled(wanted: Wanted): Promise<void> {
    const on = 'Resume';
    if ((await say.info(`irlens: download of ${wanted.name} stopped. Partial download kept.`, on)) === on) {
      await this.fetchAndSay(wanted);
    }
  }

  private async fetchAndSay(wanted: Wanted): Promise<void> {
    if (await this.fetch(wanted)) {
      void say.info(`irlens: ${wanted.name} is here, its SHA-256 checked. "irlens: Choose Model" has it used.`);
    }
  }

  /** A quick answer; nothing where there is none, which the user was then told. */
  private async request<P extends object, R>(type: RequestType<P, R, void>, params: P): Promise<R | undefined> {
    const { client } = this.life;
    if (!client) {
      await this.jobs.noServer();
      return undefined;
    }
    try {
      return await client.sendRequest(type, params);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error(`${type.method}: ${reason}`);
      void say.error(`irlens: ${reason}`);
      return undefined;
    }
  }
}

async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) {
    return true;
  }
  const manage = 'Manage Trust';
  const text = 'irlens: in a workspace that is not trusted, models are neither chosen, downloaded nor removed.';
  if ((await say.warn(text, manage)) === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
  return false;
}

async function chooseFile(): Promise<string | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Model for irlens', filters: { 'GGUF models': ['gguf'] } })) ?? [];
  return uri?.fsPath;
}

async function askAddress(): Promise<string | undefined> {
  const given = await vscode.window.showInputBox({
    title: 'Address of a server with a raw /v1/completions endpoint',
    prompt: 'What is lifted, tuned or predicted is sent there. Its key goes into the file of irlens.model.keyFile.',
    placeHolder: 'http://127.0.0.1:8080',
    validateInput: (text) => (/^https?:\/\/[^\s/]+/.test(text.trim()) ? undefined : 'Give it as http://HOST:PORT'),
  });
  return given?.trim();
}

async function chooseTasks(name: string, able: readonly Task[]): Promise<readonly Task[] | undefined> {
  if (able.length < 2) {
    return able;
  }
  const all = { label: `For all it can do: ${words(able)}`, tasks: able };
  const chosen = await vscode.window.showQuickPick([all, ...able.map((task) => ({ label: `Only to ${task}`, tasks: [task] }))], {
    title: `Use ${name}`,
  });
  return chosen?.tasks;
}

/** The licence, before anything is fetched; asked once for all models under it. */
async function accepts(title: string, gigabytes: number | null, licence: Licence): Promise<boolean> {
  const accept = 'Accept and Download';
  const read = 'Read in Full';
  const detail = [
    `In short, of ${licence.of}:`,
    ...licence.points.map((point) => `• ${point}`),
    `In full: ${licence.where}`,
    ...(gigabytes ? [`The download has ${gigabytes} GB.`] : []),
  ].join('\n');
  for (;;) {
    const chosen = await say.info(`${title} is under the ${licence.title}.`, { modal: true, detail }, accept, read);
    if (chosen !== read) {
      return chosen === accept;
    }
    await vscode.env.openExternal(vscode.Uri.parse(licence.where));
  }
}

const BY: Record<string, string> = { '--model': 'the command line', choice: 'your choice', default: 'default (bundled)' };

function describe(listed: Listed): string {
  const lines = TASKS.flatMap((task) => {
    const serving = listed.tasks[task];
    const rows: [string, string | number | undefined | null][] = [
      ['model', serving.name || serving.chosen],
      ['chosen by', BY[serving.by] ?? `the setting ${serving.by}`],
      ['at', serving.path],
      ['quantization', serving.quantisation],
      ['context', serving.context ? `${serving.context} tokens` : undefined],
      ['engine', [serving.engine, serving.whyEngine && `(${serving.whyEngine})`].filter(Boolean).join(' ')],
      ['device', serving.device],
      ['state', [serving.state, serving.reason && `(${serving.reason})`].filter(Boolean).join(' ')],
      ['license', serving.credit],
    ];
    return [task, ...rows.filter(([, value]) => value).map(([name, value]) => `  ${name.padEnd(13)} ${value}`), ''];
  });
  return [...lines, `Downloaded models are in ${listed.folder}`, ''].join('\n');
}
