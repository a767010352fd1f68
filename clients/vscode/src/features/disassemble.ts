/**
 * An object or program as a listing: read-only assembly of its own, over whose functions "Lift to LLVM IR" stands as in a
 * `.s`. The server reads the file; nothing of it is run.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import { nameOf, OBJECT_SCHEME } from '../documents';
import type { Jobs } from '../jobs';
import { disassemble as disassembleRequest, preprocess as preprocessRequest } from '../protocol';
import { VirtualDocuments } from '../virtual';

const NEXT = 'Next Functions';
const OTHER = 'Other Function…';

export class Listings implements vscode.Disposable {
  private readonly documents = new VirtualDocuments(OBJECT_SCHEME);

  constructor(private readonly jobs: Jobs) {}

  /** `file` is what a menu was opened on; without it the user chooses one. `first`: the function to begin with. */
  async run(file?: vscode.Uri, first?: string): Promise<void> {
    const chosen = file ?? (this.jobs.hasServer() ? await choose() : undefined);
    if (!chosen) {
      return;
    }
    if (chosen.scheme !== 'file') {
      void say.info('irlens: only a file on disk can be disassembled.');
      return;
    }
    const listed = await this.jobs.ask(`Disassemble ${nameOf(chosen)}`, disassembleRequest, {
      uri: chosen.toString(),
      ...(first ? { function: first } : {}),
    });
    if (!listed) {
      return;
    }
    await this.show(listed.fileName, chosen, listed.text);
    if (listed.notes.length > 0) {
      void this.tell(chosen, listed.notes, listed.following);
    }
  }

  /** The `.S` in front, or the one that is meant, as its assembler gets it. */
  async preprocess(file?: vscode.Uri): Promise<void> {
    const chosen = file ?? vscode.window.activeTextEditor?.document.uri;
    if (chosen?.scheme !== 'file') {
      void say.info('irlens: open the file that the preprocessor is to read first.');
      return;
    }
    await vscode.workspace.openTextDocument(chosen);
    const made = await this.jobs.ask(`Preprocess ${nameOf(chosen)}`, preprocessRequest, { uri: chosen.toString() });
    if (made) {
      await this.show(made.fileName, chosen, made.text);
    }
  }

  private async show(fileName: string, of: vscode.Uri, text: string): Promise<void> {
    const uri = this.documents.put(say.fileName(fileName), of.toString(), text);
    const opened = await vscode.workspace.openTextDocument(uri);
    const document = opened.languageId === 'asm' ? opened : await vscode.languages.setTextDocumentLanguage(opened, 'asm');
    await vscode.window.showTextDocument(document, { preview: false });
  }

  /** What is not in the listing, with the ways to it. */
  private async tell(file: vscode.Uri, notes: readonly string[], following: string): Promise<void> {
    const more = following ? [NEXT, OTHER] : [];
    const answer = await say.info(`irlens: ${nameOf(file)}: ${notes.join(' ')}`, ...more);
    if (answer === NEXT) {
      await this.run(file, following);
    } else if (answer === OTHER) {
      const name = await vscode.window.showInputBox({
        title: `Disassemble ${say.label(nameOf(file))} from which function?`,
        placeHolder: 'A name, or an address such as 0x1139',
      });
      if (name?.trim()) {
        await this.run(file, name.trim());
      }
    }
  }

  dispose(): void {
    this.documents.dispose();
  }
}

async function choose(): Promise<vscode.Uri | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: 'Disassemble an Object or Program (ELF)', openLabel: 'Disassemble' })) ?? [];
  return file;
}
