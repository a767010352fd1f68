/**
 * A change that is on offer: shown as a diff, applied or discarded in the diff's title bar for as long as it is open.
 *
 * The notification has the same two buttons, for whoever looks there. Nothing is changed before Apply, and one undo
 * takes it back. The proposal's side of the diff has a scheme of its own, by which the menus know it.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import { nameOf } from '../documents';
import { VirtualDocuments } from '../virtual';

const SCHEME = 'irlens-proposal';

interface Offer {
  readonly uri: vscode.Uri;
  readonly document: vscode.Uri;
  /** The document's text as it was when the change was worked out. */
  readonly before: string;
  readonly after: string;
  /** What was gained, for the word after Apply. */
  readonly gain: string;
}

export interface Proposed {
  readonly document: vscode.TextDocument;
  readonly after: string;
  /** Of the diff, behind the file's name. */
  readonly title: string;
  /** What was measured, in a sentence or two. */
  readonly message: string;
  /** What Apply brings, such as `28 → 16 bytes`. */
  readonly gain: string;
}

export class Proposals implements vscode.Disposable {
  private readonly texts = new VirtualDocuments(SCHEME);
  private readonly offers = new Map<string, Offer>();
  private readonly registered: vscode.Disposable[];

  constructor() {
    const command = (name: string, run: (offer: Offer) => unknown) =>
      vscode.commands.registerCommand(`irlens.proposal.${name}`, (at?: vscode.Uri) => this.with(at, run));
    this.registered = [
      this.texts,
      command('apply', (offer) => this.apply(offer)),
      command('discard', (offer) => this.discard(offer)),
      vscode.window.tabGroups.onDidChangeTabs((change) => {
        for (const tab of change.closed) {
          const uri = proposalOf(tab);
          if (uri && !tabsOf(uri).length) {
            this.offers.delete(uri.toString());
          }
        }
      }),
    ];
  }

  /** Show the diff; resolves once it is there. An earlier proposal for the document is replaced. */
  async show(proposed: Proposed): Promise<void> {
    const { document } = proposed;
    const after = document.eol === vscode.EndOfLine.CRLF ? proposed.after.replace(/\r?\n/g, '\r\n') : proposed.after;
    const uri = this.texts.put(document.uri.path, document.uri.toString(), after);
    const offer: Offer = { uri, document: document.uri, before: document.getText(), after, gain: proposed.gain };
    this.offers.set(uri.toString(), offer);
    await vscode.commands.executeCommand('vscode.diff', document.uri, uri, `${nameOf(document.uri)}: ${proposed.title}`, { preview: false });
    void this.ask(offer, proposed.message);
  }

  private async ask(offer: Offer, message: string): Promise<void> {
    const apply = 'Apply';
    const discard = 'Discard';
    const chosen = await say.info(`irlens: ${message}`, apply, discard);
    if (chosen && this.offers.get(offer.uri.toString()) !== offer) {
      say.brief('irlens: this change was applied, discarded or replaced before');
    } else if (chosen === apply) {
      await this.apply(offer);
    } else if (chosen === discard) {
      await this.discard(offer);
    }
  }

  /** The offer of the diff that a menu was opened on, else of the one in front. */
  private async with(at: vscode.Uri | undefined, run: (offer: Offer) => unknown): Promise<void> {
    const inFront = proposalOf(vscode.window.tabGroups.activeTabGroup.activeTab);
    const offer = this.offers.get((at instanceof vscode.Uri && at.scheme === SCHEME ? at : inFront)?.toString() ?? '');
    if (offer) {
      await run(offer);
    } else {
      void say.info('irlens: no change is on offer here. "irlens: Optimize for Size…" in a .ll file proposes one.');
    }
  }

  private async apply(offer: Offer): Promise<void> {
    const document = await vscode.workspace.openTextDocument(offer.document);
    if (document.getText() !== offer.before) {
      void say.warn(`irlens: ${nameOf(offer.document)} was edited since the proposal, so nothing was applied. Run the command again.`);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    const { range, text } = changed(document, offer.after);
    edit.replace(document.uri, range, text);
    if (!(await vscode.workspace.applyEdit(edit))) {
      void say.warn(`irlens: ${nameOf(offer.document)} could not be edited, so nothing was applied. Check that it is writable.`);
      return;
    }
    await this.close(offer);
    await vscode.window.showTextDocument(document, { preview: false });
    void say.info(`irlens: applied to ${nameOf(offer.document)}: ${offer.gain}. Undo takes it back.`);
  }

  private async discard(offer: Offer): Promise<void> {
    await this.close(offer);
    say.brief(`irlens: discarded; ${nameOf(offer.document)} is unchanged`);
  }

  private async close(offer: Offer): Promise<void> {
    this.offers.delete(offer.uri.toString());
    await vscode.window.tabGroups.close(tabsOf(offer.uri));
  }

  dispose(): void {
    for (const one of this.registered) {
      one.dispose();
    }
  }
}

/** The proposal that a tab shows. */
function proposalOf(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const modified = tab?.input instanceof vscode.TabInputTextDiff ? tab.input.modified : undefined;
  return modified?.scheme === SCHEME ? modified : undefined;
}

function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  const all = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return all.filter((tab) => proposalOf(tab)?.toString() === uri.toString());
}

/** The lines that differ, so that cursors and folds elsewhere stay where they are. */
function changed(document: vscode.TextDocument, after: string): { range: vscode.Range; text: string } {
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const old = document.getText().split(eol);
  const now = after.split(eol);
  const most = Math.min(old.length, now.length) - 1; // the last line has no end of line to cut at
  let first = 0;
  while (first < most && old[first] === now[first]) {
    first += 1;
  }
  let last = 0;
  while (last < most - first && old[old.length - 1 - last] === now[now.length - 1 - last]) {
    last += 1;
  }
  const end = old.length - 1 - last;
  return {
    range: new vscode.Range(first, 0, end, old[end]?.length ?? 0),
    text: now.slice(first, now.length - last).join(eol),
  };
}
