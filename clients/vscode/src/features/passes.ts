/** Choosing a pass or a pipeline: searchable by name and by what it does, and any text that LLVM takes. */
import * as vscode from 'vscode';
import * as say from '../say';
import type { Life } from '../server/life';
import { type PassInfo, passes as passesRequest } from '../protocol';

const LEVELS: Record<string, string> = {
  'default<O0>': 'What clang runs at -O0',
  'default<O1>': 'What clang runs at -O1',
  'default<O2>': 'What clang runs at -O2',
  'default<O3>': 'What clang runs at -O3',
  'default<Os>': 'The passes of clang -Os; optsize is as the file has it',
  'default<Oz>': 'The passes of clang -Oz, for the smallest code; minsize and optsize are as the file has them',
};
const RUN_PASSES = /-passes=(?:'([^']+)'|"([^"]+)"|(\S+))/;

interface Entry extends vscode.QuickPickItem {
  readonly pipeline?: string;
}

export class Passes {
  /** The text that was last chosen, offered first. */
  private last: string | undefined;

  constructor(private readonly life: Life) {}

  /** A pipeline's text; nothing where the user chose none. */
  async choose(title: string, document: vscode.TextDocument): Promise<string | undefined> {
    const entries = [...this.ofFile(document), ...levels(), ...(await this.all())];
    const pick = vscode.window.createQuickPick<Entry>();
    pick.title = title;
    pick.placeholder = 'A pass, or a pipeline such as function(sroa,instcombine)';
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.items = entries;
    const chosen = await new Promise<string | undefined>((resolve) => {
      pick.onDidChangeValue((value) => {
        // What is typed is a choice too, unless it is the name of one that is listed.
        const typed = value.trim();
        const isListed = entries.some((entry) => entry.pipeline === typed);
        pick.items =
          typed && !isListed && /^[\w<>(),;=-]+$/.test(typed)
            ? [...entries, { label: typed, description: 'as it is typed', alwaysShow: true, pipeline: typed }]
            : entries;
      });
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.pipeline));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    pick.dispose();
    this.last = chosen ?? this.last;
    return chosen;
  }

  /** What the file's own RUN lines run, and what was chosen last. */
  private ofFile(document: vscode.TextDocument): Entry[] {
    const found = new Set<string>();
    for (let line = 0; line < Math.min(document.lineCount, 200); line += 1) {
      const { text } = document.lineAt(line);
      const match = text.trimStart().startsWith(';') ? RUN_PASSES.exec(text) : null;
      const pipeline = match?.[1] ?? match?.[2] ?? match?.[3];
      if (pipeline) {
        found.add(pipeline);
      }
    }
    const entries: Entry[] = [...found].map((pipeline) => ({ label: say.label(pipeline), description: 'a RUN line of this file', pipeline }));
    if (this.last && !found.has(this.last)) {
      entries.unshift({ label: say.label(this.last), description: 'chosen last', pipeline: this.last });
    }
    return entries;
  }

  private async all(): Promise<Entry[]> {
    const known = (await this.life.client?.sendRequest(passesRequest, {})) ?? [];
    return known
      .filter((pass) => pass.kind !== 'container' && !(pass.name in LEVELS))
      .sort((a, b) => Number(b.runnable) - Number(a.runnable) || a.name.localeCompare(b.name))
      .map(entryOf);
  }
}

function levels(): Entry[] {
  return Object.entries(LEVELS).map(([pipeline, detail]) => ({ label: pipeline, description: 'pipeline', detail, pipeline }));
}

function entryOf(pass: PassInfo): Entry {
  return {
    label: pass.name,
    description: `${pass.kind} pass${pass.runnable ? '' : '; nothing here can run it'}`,
    detail: pass.summary,
    pipeline: pass.name,
  };
}
