/**
 * What the server offers as commands and actions, done in VS Code's way: a lift ends in a preview and not in a
 * file, a tuning in a diff and not at once in an edit, and what is copied goes to the clipboard.
 */
import * as vscode from 'vscode';
import * as say from '../say';
import type { Middleware } from 'vscode-languageclient/node';

/** The server's kind of an action, or its command, and the command of ours in its place. */
const OF_KIND: Record<string, string> = { lift: 'irlens.liftFunction', tune: 'irlens.optimize' };
const OF_COMMAND: Record<string, string> = {
  'irlens.lift': 'irlens.liftFunction',
  'irlens.tune': 'irlens.optimize',
  'irlens.applyHere': 'irlens.optimizeFunction',
};

export const middleware: Middleware = {
  async provideCodeActions(document, range, context, token, next) {
    const actions = await next(document, range, context, token);
    for (const action of actions ?? []) {
      const data = (action as { data?: { kind?: string } }).data;
      const command = data?.kind === undefined ? undefined : OF_KIND[data.kind];
      if (command && action instanceof vscode.CodeAction) {
        action.command = { title: action.title, command, arguments: [data] };
      }
    }
    return actions;
  },

  // One with a command of ours has nothing to be worked out before it is chosen.
  resolveCodeAction: (action, token, next) =>
    Object.values(OF_KIND).includes(action.command?.command ?? '') ? action : next(action, token),

  async executeCommand(command, args, next) {
    if (command === 'irlens.copy') {
      await vscode.env.clipboard.writeText(String(args[0]));
      say.brief('irlens: copied the opt command');
      return;
    }
    const ours = OF_COMMAND[command];
    return ours ? vscode.commands.executeCommand(ours, ...args) : next(command, args);
  },
};
