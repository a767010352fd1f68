/** The manual, which comes with the extension. */
import * as path from 'node:path';
import * as vscode from 'vscode';

export async function openManual(context: vscode.ExtensionContext): Promise<void> {
  const page = vscode.Uri.file(path.join(context.extensionPath, 'manual', 'editors', 'vscode.md'));
  await vscode.commands.executeCommand('markdown.showPreview', page);
}
