// One sitting in VS Code's extension host, with irlens installed as a user would: open files, look, use. What was
// seen goes to a JSON file; test_vscode_session.py judges it. Nothing here sleeps for its own sake: `until` polls.
'use strict';
const vscode = require('vscode');
const { until, here, open, find, own, hints, hover, actions, take, pids, reporting } = require('./tools');

const seen = { vscode: vscode.version };

async function editing() {
  const extension = vscode.extensions.getExtension('irlens.irlens');
  seen.installed = Boolean(extension);

  // A broken module: the error's place, in UTF-16 units behind an emoji.
  const broken = await open('broken.ll');
  seen.languages = { 'broken.ll': broken.languageId };
  await until('activation', () => extension.isActive);
  const [error] = await until('diagnostics', () => (own(broken).length > 0 ? own(broken) : undefined));
  seen.error = {
    line: error.range.start.line,
    column: error.range.start.character,
    message: error.message,
    severity: error.severity,
  };
  seen.errors = own(broken).length;

  // A setting that is changed counts at once.
  const diagnostics = vscode.workspace.getConfiguration('irlens.diagnostics');
  await diagnostics.update('enabled', false, vscode.ConfigurationTarget.Workspace);
  await until('the error to be left out', () => own(broken).length === 0);
  await diagnostics.update('enabled', undefined, vscode.ConfigurationTarget.Workspace);
  await until('the error to be told again', () => own(broken).length > 0);
  seen.settingsAreLive = true;

  // Mended: the error goes.
  const start = find(broken, '%missing');
  const mend = new vscode.WorkspaceEdit();
  mend.replace(broken.uri, new vscode.Range(start, start.translate(0, '%missing'.length)), '%a');
  await vscode.workspace.applyEdit(mend);
  await until('the error to go', () => own(broken).length === 0);

  // What -Oz would save is pointed out at the function, with quick fixes.
  const [hint] = await until('a hint', () => (hints(broken).length > 0 ? hints(broken) : undefined));
  seen.hint = { message: hint.message, text: broken.getText(hint.range) };
  const fixes = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', broken.uri, hint.range, 'quickfix');
  seen.quickFixes = fixes.map((fix) => `${fix.title}: ${fix.command?.command ?? 'an edit'}`);

  seen.hover = await hover(broken, find(broken, '@weigh'));
  const before = broken.getText();
  const offered = await actions(broken, find(broken, '@weigh'), 10);
  seen.actionsLl = offered.map((action) => action.title);
  await take(offered.find((action) => action.title.includes('-Oz')));
  await until('the module to change', () => !broken.getText().includes('alloca'));
  seen.afterOz = broken.getText();
  await vscode.commands.executeCommand('undo');
  seen.undoneInOneStep = broken.getText() === before;
  return extension;
}

// A function that a list makes smaller than -Oz: the hint, the sizes over it, the list applied to it alone, its command.
async function sizing() {
  const module = await open('loops.ll', vscode.ViewColumn.One);
  const before = module.getText();
  const place = find(module, '@clear(');
  const hint = await until('the hint at a function', () => hints(module).find((one) => one.message.startsWith('`clear` could be ')));
  const lens = async () => {
    const found = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', module.uri);
    return found.find((one) => one.range.start.line === place.line && one.command.title.includes('→'));
  };
  const fixes = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', module.uri, hint.range, 'quickfix', 10);
  seen.sizing = {
    message: hint.message,
    marked: module.getText(hint.range),
    lens: (await until('the sizes over it', lens)).command.title,
    fixes: fixes.map((fix) => fix.title),
    before,
  };
  // The sizes over a function lead to a diff, and to an edit only from there.
  const over = await lens();
  await vscode.commands.executeCommand(over.command.command, ...over.command.arguments);
  const tab = () => vscode.window.tabGroups.activeTabGroup.activeTab;
  seen.sizing.proposal = (await until('the diff of one function', () => tab()?.input?.modified && tab().label.includes('clear') && tab())).label;
  seen.sizing.proposed = (await vscode.workspace.openTextDocument(tab().input.modified)).getText();
  seen.sizing.untouched = module.getText() === before;
  await vscode.commands.executeCommand('irlens.proposal.discard');
  await take(fixes.find((fix) => fix.title === 'Copy the opt command'));
  seen.sizing.copied = await vscode.env.clipboard.readText();
  await take(fixes.find((fix) => fix.title.endsWith('bytes)') && fix.title.includes('`clear` alone')));
  await until('the function to change', () => module.getText() !== before);
  seen.sizing.applied = module.getText();
  await vscode.window.showTextDocument(module);
  await vscode.commands.executeCommand('undo');
  seen.sizing.undone = module.getText() === before;
}

// The server's life: one new server for many restarts, one for a death, none for a loop of deaths.
async function living(extension) {
  const started = pids().length;
  const restarts = [1, 2, 3, 4, 5].map(() => vscode.commands.executeCommand('irlens.restart'));
  await Promise.all(restarts);
  seen.startsOfFiveRestarts = pids().length - started;

  const asm = await open('sum.s');
  seen.languages['sum.s'] = asm.languageId;
  seen.hoverS = await hover(asm, find(asm, 'sum:'));

  process.kill(pids().at(-1), 'SIGKILL');
  await until('a server after the death of one', () => pids().length === started + seen.startsOfFiveRestarts + 1);
  seen.hoverAfterDeath = await hover(asm, find(asm, 'sum:'));

  const running = () => extension.exports.status().join(' ');
  for (let deaths = 1; !running().includes('not running'); deaths += 1) {
    if (deaths > 8) {
      throw new Error('a server that always dies is started for ever');
    }
    const last = pids().at(-1);
    process.kill(last, 'SIGKILL');
    await until('another server, or an end', () => pids().at(-1) !== last || running().includes('not running'));
    await until('it to run', () => !running().includes('starting'));
  }
  seen.loop = running();
  await vscode.commands.executeCommand('irlens.restart');
  seen.hoverAfterLoop = await hover(asm, find(asm, 'sum:'));
}

// A lift: from the action to the preview beside the source, and what can be done there.
async function lifting() {
  const asm = await open('sum.s', vscode.ViewColumn.One);
  const [lift] = await actions(asm, find(asm, 'addl'), 1);
  seen.actionsS = [lift.title];
  await take(lift);
  const preview = () => vscode.window.visibleTextEditors.find((editor) => editor.document.uri.scheme === 'irlens-lift');
  const shown = await until('the preview', preview);
  const { document } = shown;
  const lenses = async () => {
    const found = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri);
    return found.map((lens) => lens.command.title);
  };
  seen.preview = {
    name: document.uri.path.split('/').pop(),
    language: document.languageId,
    text: document.getText(),
    isBeside: shown.viewColumn === vscode.ViewColumn.Two,
    sourceHasFocus: vscode.window.activeTextEditor.document === asm,
    lenses: await lenses(),
  };
  seen.lensesS = (await vscode.commands.executeCommand('vscode.executeCodeLensProvider', asm.uri)).map(
    (lens) => `${lens.command.title} @ ${lens.range.start.line}`,
  );

  await linking(asm, document);

  await vscode.commands.executeCommand('irlens.lift.save');
  const saved = vscode.window.activeTextEditor.document;
  seen.saved = { name: saved.uri.path.split('/').pop(), scheme: saved.uri.scheme, text: saved.getText() };
  await vscode.commands.executeCommand('irlens.lift.save');
  seen.savedAgain = vscode.window.activeTextEditor.document.uri.path.split('/').pop();

  const module = await open('plain.ll');
  const before = module.getText();
  const inserting = vscode.commands.executeCommand('irlens.lift.insert');
  // The list of open modules: the first is taken once it is there.
  await until('the insertion', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return vscode.workspace.textDocuments.some((one) => one.getText().includes('@sum(') && one.isDirty);
  });
  await inserting;
  const into = vscode.window.activeTextEditor.document;
  seen.insertedInto = into.getText();
  await vscode.commands.executeCommand('undo');
  seen.insertUndone = !into.isDirty || !into.getText().includes('@sum(') || before;

  await vscode.commands.executeCommand('irlens.lift.why');
  seen.why = (
    await until('the evidence', () => vscode.workspace.textDocuments.find((one) => one.uri.path.startsWith('/Why ')))
  ).getText();

  const stale = new vscode.WorkspaceEdit();
  stale.insert(asm.uri, new vscode.Position(0, 0), '# edited\n');
  await vscode.workspace.applyEdit(stale);
  seen.staleLenses = await lenses();
}

// The cursor on one side marks the lines of the other; a key goes there and back.
async function linking(asm, lifted) {
  const { linked } = vscode.extensions.getExtension('irlens.irlens').exports;
  const line = find(asm, 'retq').line;
  vscode.window.activeTextEditor.selection = new vscode.Selection(line, 0, line, 0);
  const marks = await until('marked lines', () => linked()['sum.sum.ll']);
  seen.linked = marks.map((one) => lifted.lineAt(one).text.trim());
  await vscode.commands.executeCommand('irlens.lift.otherSide');
  await until('the other side', () => vscode.window.activeTextEditor.document === lifted);
  seen.linkedCursor = lifted.lineAt(vscode.window.activeTextEditor.selection.active.line).text.trim();
  await vscode.commands.executeCommand('irlens.lift.otherSide');
  await until('the way back', () => vscode.window.activeTextEditor.document === asm);
  seen.linkedBack = asm.lineAt(vscode.window.activeTextEditor.selection.active.line).text.trim();
}

// A file that has another language than ours is served by its name.
async function otherLanguages() {
  const asm = await vscode.languages.setTextDocumentLanguage(await open('sum.s'), 'plaintext');
  seen.plainHover = await hover(asm, find(asm, 'sum:'));
  seen.plainLenses = (
    await until('lenses of assembly', async () => {
      const found = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', asm.uri);
      return found.length > 0 ? found : undefined;
    })
  ).map((lens) => lens.command.title);
  await vscode.languages.setTextDocumentLanguage(asm, 'asm');
  const module = await vscode.languages.setTextDocumentLanguage(await open('run.ll'), 'plaintext');
  seen.plainLensesLl = (
    await until('lenses of IR', async () => {
      const found = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', module.uri);
      return found.length > 0 ? found : undefined;
    })
  ).map((lens) => lens.command.title);
  await vscode.languages.setTextDocumentLanguage(module, 'llvm');
}

// A lift that takes long, called off in the middle; then one with several candidates.
async function cancelling(extension) {
  const settings = vscode.workspace.getConfiguration('irlens.lift');
  await settings.update('candidates', 64, vscode.ConfigurationTarget.Workspace);
  await settings.update('origin', 'model', vscode.ConfigurationTarget.Workspace);
  const asm = await open('fields.s', vscode.ViewColumn.One);
  const target = { uri: asm.uri.toString(), function: 'buffer_at' };
  const previews = () =>
    vscode.workspace.textDocuments.filter((one) => one.uri.scheme === 'irlens-lift' && one.uri.path.includes('buffer_at'));
  const lift = vscode.commands.executeCommand('irlens.liftFunction', target);
  await until('the model to be at it', () => extension.exports.status().some((line) => line.includes('The model is busy')));
  const cancelled = Date.now();
  seen.stopped = await vscode.commands.executeCommand('irlens.stopJobs');
  await lift;
  await until('the model to be free', () => extension.exports.status().some((line) => line.startsWith('Idle. The model is ready')));
  seen.cancelTook = Date.now() - cancelled;
  seen.previewsAfterCancel = previews().length;

  // The same by the button of the notification.
  const again = vscode.commands.executeCommand('irlens.liftFunction', target);
  await until('the model to be at it again', () => extension.exports.status().some((line) => line.includes('The model is busy')));
  const pressed = Date.now();
  let isOver = false;
  void again.then(() => (isOver = true));
  await until('the end of the lift', async () => {
    await vscode.commands.executeCommand('notification.acceptPrimaryAction');
    return isOver;
  });
  seen.buttonTook = Date.now() - pressed;
  seen.previewsAfterButton = previews().length;

  await settings.update('candidates', 4, vscode.ConfigurationTarget.Workspace);
  await vscode.commands.executeCommand('irlens.liftFunction', target);
  const [preview] = previews();
  const texts = [preview.getText()];
  await vscode.commands.executeCommand('irlens.lift.next');
  await until('the next candidate', () => preview.getText() !== texts[0]);
  seen.candidates = [...texts, preview.getText()];
}

// Optimize for size: a diff, then the edit, which one undo takes back.
async function optimizing() {
  const module = await open('broken.ll', vscode.ViewColumn.One);
  const before = module.getText();
  const optimizing = vscode.commands.executeCommand('irlens.optimize');
  const input = await until('the diff', () => vscode.window.tabGroups.activeTabGroup.activeTab?.input?.modified && vscode.window.tabGroups.activeTabGroup.activeTab);
  seen.diff = input.label;
  seen.untouchedUnderDiff = module.getText() === before;
  await optimizing;
  const proposed = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).some((tab) => tab.label.includes('optimized for size'));
  await vscode.commands.executeCommand('irlens.proposal.discard');
  await until('the diff to close', () => !proposed());
  seen.untouchedByDiscard = module.getText() === before;

  await vscode.commands.executeCommand('irlens.optimize');
  await until('the diff again', proposed);
  await vscode.commands.executeCommand('irlens.proposal.apply');
  await until('the diff to close', () => !proposed());
  seen.optimized = module.getText();
  await vscode.commands.executeCommand('undo');
  seen.optimizedUndone = module.getText() === before;

  // A text that was edited since is not overwritten.
  await vscode.commands.executeCommand('irlens.optimize');
  await until('the third diff', proposed);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(module.uri, new vscode.Position(0, 0), '; edited\n');
  await vscode.workspace.applyEdit(edit);
  const edited = module.getText();
  await vscode.commands.executeCommand('irlens.proposal.apply');
  seen.staleIsNotApplied = module.getText() === edited && proposed();
  await vscode.commands.executeCommand('irlens.proposal.discard');
}

const activeTab = () => vscode.window.tabGroups.activeTabGroup.activeTab;
const bothSides = async (input) => ({
  original: (await vscode.workspace.openTextDocument(input.original)).getText(),
  modified: (await vscode.workspace.openTextDocument(input.modified)).getText(),
});

// The list of passes filters as one types and takes what is typed.
async function choosePass(what) {
  await until(`the list of ${what}`, async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return activeTab()?.input?.modified;
  });
}

// Predicted beside measured, then a pipeline pass by pass. The file's RUN line names the first pass on offer.
async function passes() {
  const module = await open('run.ll', vscode.ViewColumn.One);
  const target = { uri: module.uri.toString(), function: 'weigh' };
  seen.lensesLl = (
    await until('lenses', async () => {
      const found = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', module.uri);
      return found.length > 0 ? found : undefined;
    })
  ).map((lens) => `${lens.command.title} @ ${lens.range.start.line}`);
  const predicting = vscode.commands.executeCommand('irlens.predictPass', target);
  await choosePass('passes');
  await predicting;
  seen.predicted = { label: activeTab().label, ...(await bothSides(activeTab().input)) };

  const before = activeTab().label;
  await vscode.commands.executeCommand('irlens.stepThrough', { ...target, pipeline: 'default<O2>' });
  await until('a step', () => activeTab().label !== before);
  seen.step = { label: activeTab().label, ...(await bothSides(activeTab().input)) };
  await vscode.commands.executeCommand('irlens.steps.next');
  await until('the next step', () => activeTab().label !== seen.step.label);
  seen.nextStep = { label: activeTab().label, ...(await bothSides(activeTab().input)) };

  // Any two steps: without a choice in the view they are asked for, from the start to the last change.
  const diffing = vscode.commands.executeCommand('irlens.steps.diff');
  await until('the diff of two steps', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return activeTab().label.includes('start ↔');
  });
  await diffing;
  seen.twoSteps = { label: activeTab().label, ...(await bothSides(activeTab().input)) };
}

// Two functions of a file that differ: the one at the cursor with the first on offer, on a page that shows an input.
async function comparing() {
  const module = await open('pair.ll', vscode.ViewColumn.One);
  const { line } = find(module, '@src(');
  vscode.window.activeTextEditor.selection = new vscode.Selection(line, 0, line, 0);
  let isOver = false;
  const compared = vscode.commands.executeCommand('irlens.compare');
  void compared.then(() => (isOver = true));
  await until('the comparison', async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return isOver;
  });
  seen.comparison = vscode.workspace.textDocuments.find((one) => one.uri.path.startsWith('/Compare '))?.getText();
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}

// A `.S` as its assembler gets it.
async function preprocessing() {
  await open('entry.S');
  await vscode.commands.executeCommand('irlens.preprocess');
  const document = vscode.window.activeTextEditor.document;
  seen.preprocessed = { path: document.uri.path, language: document.languageId, text: document.getText() };
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}

// An object: a listing that nobody can type into, whose lenses lift; what is none is told of.
async function disassembling() {
  // No model reads a listing, so the mechanical lifter may.
  await vscode.workspace.getConfiguration('irlens.lift').update('origin', undefined, vscode.ConfigurationTarget.Workspace);
  await vscode.commands.executeCommand('irlens.disassemble', here('made.o'));
  const document = vscode.window.activeTextEditor.document;
  seen.listing = { scheme: document.uri.scheme, language: document.languageId, text: document.getText() };
  const lenses = await until('lenses over the listing', async () => {
    const found = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri);
    return found.length > 0 ? found : undefined;
  });
  seen.listing.lenses = lenses.map((lens) => `${lens.command.title} @ ${document.lineAt(lens.range.start.line).text}`);
  await vscode.commands.executeCommand('default:type', { text: 'x' });
  seen.listing.isReadOnly = document.getText() === seen.listing.text;
  seen.listing.problems = own(document).length;
  await vscode.commands.executeCommand(lenses[0].command.command, ...lenses[0].command.arguments);
  const lifted = vscode.workspace.textDocuments.find((one) => one.uri.scheme === 'irlens-lift' && one.uri.path.includes('triple'));
  seen.listing.lift = lifted?.getText();
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
}

exports.run = reporting(seen, async () => {
  seen.seconds = {};
  const timed = async (name, part) => {
    const start = Date.now();
    const result = await part();
    seen.seconds[name] = (Date.now() - start) / 1000;
    return result;
  };
  const extension = await timed('editing', editing);
  await timed('sizing', sizing);
  await timed('lifting', lifting);
  await timed('otherLanguages', otherLanguages);
  await timed('cancelling', () => cancelling(extension));
  await timed('optimizing', optimizing);
  await timed('passes', passes);
  await timed('comparing', comparing);
  await timed('disassembling', disassembling);
  await timed('preprocessing', preprocessing);
  await timed('living', () => living(extension));
  await vscode.commands.executeCommand('irlens.versions');
  seen.versions = vscode.window.activeTextEditor.document.getText();
});
