/** What the server says and is asked beyond LSP. Mirrors `server/irlens/lsp/{status,answers,models}.py`. */
import { NotificationType, RequestType } from 'vscode-languageclient/node';

export const TASKS = ['lift', 'tune', 'predict'] as const;
export type Task = (typeof TASKS)[number];

export interface ModelState {
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly engine?: string;
  readonly device?: string;
}

export interface Status {
  readonly state: 'starting' | 'ready' | 'degraded';
  readonly reason: string;
  /** The one that most tasks use, or another while that one is at work. */
  readonly model: ModelState;
  /** By task; empty until the models were looked at. */
  readonly tasks?: Readonly<Record<string, ModelState>>;
  /** What stands in the way of a file: `target` can be answered (`irlens/target`), `unsupported` cannot. */
  readonly questions: readonly Question[];
}

export interface Question {
  readonly uri: string;
  readonly kind: 'target' | 'unsupported';
  readonly text: string;
}

export const statusChanged = new NotificationType<Status>('irlens/status');
/** The user's word on the target of one file; null takes it back. */
export const targetChosen = new NotificationType<{ uri: string; target: string | null }>('irlens/target');
export const trustChanged = new NotificationType<{ trusted: boolean }>('irlens/trust');

/** `shownRight`: something was run or compared that shows it to do the same as the assembly. */
export interface Candidate {
  readonly verdict: string;
  readonly words: string;
  readonly shownRight: boolean;
  readonly reason: string;
  readonly origin: string;
  readonly ir: string;
  /** The module under a head that says where it comes from and what is known of it. */
  readonly text: string;
  /** The evidence in Markdown. */
  readonly evidence?: string;
  /** Lines of the assembly and of `text`, from 0, that are known to belong together. */
  readonly links: readonly (readonly [number, number])[];
}

export interface Lifted {
  readonly function: string;
  readonly fileName: string;
  /** Why there is no candidate, where there is none. */
  readonly why: string;
  readonly rejected: number;
  readonly candidates: readonly Candidate[];
}

interface WithProgress {
  readonly workDoneToken?: string;
}

export const lift = new RequestType<WithProgress & { uri: string; function: string }, Lifted, void>('irlens/lift');

export interface Tuned {
  /** What was found, in a sentence. */
  readonly message: string;
  /** The file with the smallest module in place of its own; null where nothing is smaller. */
  readonly text: string | null;
  readonly before: { readonly bytes: number };
  readonly best: { readonly bytes: number };
  readonly model?: { readonly note?: string } | null;
}

/** One function by the smallest that is known of it: what was measured, and the file with it. */
export const improve = new RequestType<WithProgress & { uri: string; function: string }, { message: string; text: string }, void>('irlens/improve');

export const tune = new RequestType<WithProgress & { uri: string }, Tuned, void>('irlens/tune');

export interface PassInfo {
  readonly name: string;
  readonly kind: string;
  readonly summary: string;
  readonly runnable: boolean;
}

/** `outcome` is the worst of all: agrees, disagrees or unknown. `text` has everything in Markdown. */
export interface Comparison {
  readonly outcome: string;
  readonly summary: string;
  readonly text: string;
}

export const compare = new RequestType<
  WithProgress & { uri: string; other: string; function?: string; otherFunction?: string },
  Comparison,
  void
>('irlens/compare');

/** An object or program as assembly; `notes` say what is left out, `following` which function would come next. */
export interface Disassembled {
  readonly fileName: string;
  readonly text: string;
  readonly functions: number;
  readonly notes: readonly string[];
  readonly following: string;
}

export const disassemble = new RequestType<WithProgress & { uri: string; function?: string }, Disassembled, void>('irlens/disassemble');

/** A `.S` after the C preprocessor of the compiler `by`. */
export interface Preprocessed {
  readonly fileName: string;
  readonly text: string;
  readonly by: string;
}

export const preprocess = new RequestType<WithProgress & { uri: string }, Preprocessed, void>('irlens/preprocess');

export const passes = new RequestType<object, readonly PassInfo[], void>('irlens/passes');

interface Numbers {
  readonly instructions: number | null;
  readonly bytes: number | null;
}

export interface PredictedFunction {
  readonly name: string;
  readonly before: Numbers & { readonly ir?: string | null };
  readonly predicted: (Numbers & { readonly ir: string | null; readonly bytes_of: string; readonly kept_from_before?: boolean }) | null;
  readonly measured: (Numbers & { readonly ir: string; readonly by: string }) | null;
  readonly why_not_predicted?: string;
  readonly why_not_measured?: string;
}

export interface Predicted {
  readonly pipeline: string;
  readonly repairs: readonly string[];
  readonly notes?: readonly string[];
  readonly functions: readonly PredictedFunction[];
  /** As in `Stepped`. */
  readonly readable?: string;
  /** Who predicted; empty where nobody did. */
  readonly model: string;
}

export const predict = new RequestType<WithProgress & { uri: string; passes: string; function?: string }, Predicted, void>(
  'irlens/predict',
);

interface Function {
  readonly instructions: number;
  readonly blocks: number;
  readonly bytes: number | null;
  readonly ir: string;
}

/** One pass on one function or loop. `ir` is there where it changed the function, "" where that is gone. */
export interface Step extends Omit<Function, 'ir'> {
  readonly name: string;
  readonly class: string;
  readonly summary: string;
  readonly on: string;
  readonly changed: boolean;
  readonly elsewhere: boolean;
  readonly added: number;
  readonly removed: number;
  readonly ir: string | null;
}

export interface Stepped {
  readonly function: string;
  /** The name as a demangler gives it; empty where it gives none. */
  readonly readable?: string;
  readonly pipeline: string;
  readonly start: Function;
  readonly steps: readonly Step[];
  readonly end: Omit<Function, 'bytes'>;
  readonly by: string;
  readonly repairs: readonly string[];
  readonly notes?: readonly string[];
  readonly whyNoBytes: string;
}

export const steps = new RequestType<WithProgress & { uri: string; passes: string; function: string }, Stepped, void>('irlens/steps');

/** `state`: here, partial, absent or not asked. `bytes` of what is here, `gigabytes` of what can be had. */
export interface Model {
  readonly name: string;
  readonly kind: 'embedded' | 'catalogue' | 'file' | 'server';
  readonly state: string;
  readonly bytes: number | null;
  readonly gigabytes?: number;
  readonly engines?: readonly string[];
  readonly tasks: readonly Task[];
  readonly used_for: readonly Task[];
  readonly problem?: string | null;
}

export interface Licence {
  readonly title: string;
  readonly of: string;
  readonly where: string;
  readonly points: readonly string[];
}

/** Of a task: its model, who chose it, and what is known of it. */
export interface Serving extends ModelState {
  readonly chosen: string;
  readonly by: string;
  readonly path?: string;
  readonly quantisation?: string;
  readonly context?: number;
  readonly whyEngine?: string;
  readonly credit?: string | null;
}

/** A model of the catalogue, in all its quantisations; `repositories` has every repackaging. */
export interface Entry {
  readonly title: string;
  readonly best: readonly string[];
  readonly licence: string;
  readonly repositories: readonly string[];
}

export interface Models {
  readonly models: readonly Model[];
  readonly folder: string;
  readonly catalogue: Readonly<Record<string, Entry>>;
  readonly licences: Readonly<Record<string, Licence>>;
  readonly tasks: Readonly<Record<Task, Serving>>;
}

export const models = new RequestType<object, Models, void>('irlens/models');

export type Pulled =
  | { readonly pulled: true; readonly name: string }
  | { readonly pulled: false; readonly title: string; readonly gigabytes: number | null; readonly licence: Licence };

export const pullModel = new RequestType<WithProgress & { name: string; acceptLicence: boolean; repository?: string }, Pulled, void>(
  'irlens/pullModel',
);

export interface Used {
  readonly name: string;
  readonly tasks: readonly Task[];
  /** Tasks for which something else than the choice counts, and what that is. */
  readonly overruled: Readonly<Record<string, string>>;
  readonly hint: string | null;
  readonly credit: string | null;
}

export const useModel = new RequestType<{ name: string; tasks: readonly Task[] }, Used, void>('irlens/useModel');

export const removeModel = new RequestType<{ name: string }, { removed: string; freed: number; embedded_for: readonly Task[] }, void>(
  'irlens/removeModel',
);
