/** Models as lists to choose from: what is here, then each model that can be had; of one of those, its quantizations. */
import * as vscode from 'vscode';
import * as say from '../say';
import type { Entry as OfCatalogue, Model, Models as Listed } from '../protocol';
import { size } from './numbers';

/** The quantization that most people want. */
const USUAL = 'Q4_K_M';
/** What a model needs beside its weights, for its context and buffers, in GB. */
const BESIDE_WEIGHTS_GB = 1;

export interface Entry extends vscode.QuickPickItem {
  readonly model?: Model;
  /** A name of the catalogue, whose quantizations are to choose from. */
  readonly entry?: string;
  readonly other?: 'file' | 'server';
}

export function entriesOf(listed: Listed): Entry[] {
  const here = listed.models.filter((model) => model.kind !== 'catalogue' || model.state === 'here');
  return [
    separator('installed'),
    ...here.map((model) => ({
      label: `$(${model.used_for.length > 0 ? 'check' : model.kind === 'server' ? 'server' : 'file-binary'}) ${say.label(model.name)}`,
      description: aboutHere(model),
      ...(model.problem ? { detail: say.label(model.problem) } : {}),
      model,
    })),
    separator('elsewhere'),
    { label: '$(folder-opened) A GGUF File…', other: 'file' },
    { label: "$(server) A Server's Address…", description: 'with a raw /v1/completions endpoint', other: 'server' },
    separator('to download'),
    ...toDownload(listed),
  ];
}

/** What can be had: a row for each model. */
export function toDownload(listed: Listed): Entry[] {
  return Object.entries(listed.catalogue).flatMap(([name, about]) => {
    const files = filesOf(listed, name);
    if (files.length === 0) {
      return [];
    }
    const sizes = files.flatMap((model) => (model.gigabytes === undefined ? [] : [model.gigabytes]));
    const range = sizes.length > 0 ? `${Math.min(...sizes)} to ${Math.max(...sizes)} GB` : '';
    const begun = files.some((model) => model.state === 'partial') ? 'a download was begun' : '';
    return [
      {
        label: `$(cloud-download) ${say.label(about.title)}…`,
        description: name,
        detail: [`Best for ${words(about.best)}`, range, begun].filter(Boolean).join(', '),
        entry: name,
      },
    ];
  });
}

/** One of a model's quantizations, the usual one first, with what it needs. */
export async function chooseQuantization(listed: Listed, name: string): Promise<Model | undefined> {
  const about = listed.catalogue[name] as OfCatalogue;
  const chosen = await vscode.window.showQuickPick(quantizations(listed, name), {
    title: say.label(about.title),
    placeHolder: `${USUAL} is the usual choice. A smaller file answers worse, a larger one slower`,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.model;
}

function quantizations(listed: Listed, name: string): (Entry & { model: Model })[] {
  const files = filesOf(listed, name);
  const usual = files.filter((model) => quantizationOf(model) === USUAL);
  const others = files.filter((model) => !usual.includes(model));
  others.sort((one, other) => (one.gigabytes ?? 0) - (other.gigabytes ?? 0));
  return [...usual, ...others].map((model) => ({
    label: `$(cloud-download) ${say.label(quantizationOf(model))}`,
    description: aboutDownload(model),
    ...(model.state === 'partial' ? { detail: `${size(model.bytes ?? 0)} of it is here; the download resumes` } : {}),
    model,
  }));
}

function filesOf(listed: Listed, name: string): Model[] {
  return listed.models.filter((model) => model.kind === 'catalogue' && model.state !== 'here' && model.name.startsWith(`${name}:`));
}

function quantizationOf(model: Model): string {
  return model.name.split(':')[1] ?? model.name;
}

function aboutDownload(model: Model): string {
  const [engine, ...others] = model.engines ?? [];
  const gigabytes = model.gigabytes ?? 0;
  const parts = [
    quantizationOf(model) === USUAL ? 'the usual choice' : '',
    gigabytes ? `${gigabytes} GB` : '',
    gigabytes ? `needs about ${Math.ceil(gigabytes + BESIDE_WEIGHTS_GB)} GB of memory` : '',
    engine && others.length === 0 ? `${engine} only` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

export function aboutHere(model: Model): string {
  const parts = [
    model.bytes ? size(model.bytes) : '',
    model.state === 'partial' ? 'downloaded in part' : model.state === 'absent' ? 'not there' : '',
    model.used_for.length > 0 ? `used for ${words(model.used_for)}` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

export function words(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}

function separator(label: string): Entry {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
