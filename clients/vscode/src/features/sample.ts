/** The sample of the walkthrough: copied to a folder of ours, so that what is tried there spoils nothing. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** Open a sample. A copy that is there already is the user's by now and is kept. */
export async function openSample(context: vscode.ExtensionContext, name: 'bits.s' | 'checksum.ll'): Promise<void> {
  const folder = path.join(context.globalStorageUri.fsPath, 'samples');
  const file = path.join(folder, name);
  await fs.mkdir(folder, { recursive: true });
  await fs.copyFile(path.join(context.extensionPath, 'samples', name), file, fs.constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  });
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
}
