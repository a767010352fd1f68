/**
 * What the user is told, and names as they are shown.
 *
 * VS Code makes links of `[text](command:...)` in notifications, which run at a click, and icons of `$(name)` in labels.
 * Names of files and functions are their authors', so that both are spelled out here, as the server does
 * (`server/irlens/escape.py`): what cannot be seen as LLVM spells it, `(` as `\28` where it would open one of the two.
 */
import * as vscode from 'vscode';

/** Text on one line that is only text, wherever VS Code shows it. */
export function label(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, spelled).replace(/(?<=[\]$])\(/g, '\\28');
}

/** A name of a document from what somebody calls a function or a pass: no folder, and nothing that an address reads. */
export function fileName(text: string): string {
  return label(text).replace(/[/\\:*?"<>|#%]/g, '_').replace(/^\.+/, '') || '_';
}

export const info: typeof vscode.window.showInformationMessage = (text: string, ...rest: unknown[]) =>
  vscode.window.showInformationMessage(sentence(text), ...(rest as string[])) as Thenable<never>;

export const warn: typeof vscode.window.showWarningMessage = (text: string, ...rest: unknown[]) =>
  vscode.window.showWarningMessage(sentence(text), ...(rest as string[])) as Thenable<never>;

export const error: typeof vscode.window.showErrorMessage = (text: string, ...rest: unknown[]) =>
  vscode.window.showErrorMessage(sentence(text), ...(rest as string[])) as Thenable<never>;

/** In the status bar, for some seconds. */
export function brief(text: string): void {
  vscode.window.setStatusBarMessage(label(text), 5000);
}

function sentence(text: string): string {
  return label(text.replace(/\s+/g, ' '));
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  return code < 0x100 ? `\\${digits.padStart(2, '0')}` : code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
