/** Which documents are irlens's: by language, and by name, since other extensions give `.s` languages of their own. */
import * as vscode from 'vscode';
import type { DocumentSelector } from 'vscode-languageclient/node';

/** Of listings of objects and programs. */
export const OBJECT_SCHEME = 'irlens-object';
const SCHEMES = ['file', 'untitled'];

export const SELECTOR: DocumentSelector = [
  ...SCHEMES.flatMap((scheme) => [
    { scheme, language: 'llvm' },
    { scheme, language: 'asm' },
  ]),
  { scheme: OBJECT_SCHEME, language: 'asm' },
  { scheme: 'file', pattern: '**/*.{ll,s,S,asm}' },
];

export function isIr(document: vscode.TextDocument): boolean {
  return document.languageId === 'llvm' || document.uri.path.endsWith('.ll');
}

export function isAssembly(document: vscode.TextDocument): boolean {
  return !isIr(document) && (document.languageId === 'asm' || /\.(s|asm)$/i.test(document.uri.path));
}

export function isOurs(document: vscode.TextDocument): boolean {
  return isIr(document) || isAssembly(document);
}

/** The last part of a document's path. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').pop() || uri.path;
}
