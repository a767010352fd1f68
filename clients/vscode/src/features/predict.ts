/** Predict: what a pass will do to a function by the model's word, beside what LLVM measured, with the IR's diff. */
import * as vscode from 'vscode';
import * as say from '../say';
import { isIr } from '../documents';
import type { Jobs } from '../jobs';
import { type Predicted, type PredictedFunction, predict } from '../protocol';
import type { VirtualDocuments } from '../virtual';
import { documentOf, functionAtCursor, functionsOf, type Target } from './lift';
import { counted } from './numbers';
import type { Passes } from './passes';

export async function predictPass(jobs: Jobs, texts: VirtualDocuments, passes: Passes, target?: Target): Promise<void> {
  const chosen = await chooseFunction(jobs, target);
  if (!chosen) {
    return;
  }
  const { document, name: symbol } = chosen;
  const pipeline = await passes.choose(`Predict the effect of which pass on ${symbol}?`, document);
  if (!pipeline) {
    return;
  }
  const before = await textOf(document, symbol);
  const predicted = await jobs.ask(`Predict ${pipeline} on ${symbol}`, predict, {
    uri: document.uri.toString(),
    passes: pipeline,
    function: symbol,
  });
  const name = predicted?.readable || symbol;
  const row = predicted?.functions[0];
  if (!predicted || !row) {
    return;
  }
  if (!row.measured) {
    // A diff would show the function as deleted.
    const alone = texts.put(say.fileName(`${name} ${pipeline}.ll`), document.uri.toString(), `${head(predicted, row)}\n`);
    await vscode.window.showTextDocument(alone, { preview: true, viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    return;
  }
  // Printed by the LLVM that ran the passes: it differs from the other side by what they changed.
  const shown = row.before.ir ?? before;
  const left = texts.put(say.fileName(`${name} before.ll`), document.uri.toString(), `; before: ${counted(row.before)} (measured)\n\n${shown}\n`);
  const right = texts.put(
    say.fileName(`${name} after ${pipeline}.ll`),
    document.uri.toString(),
    `${head(predicted, row)}\n\n${row.measured.ir}\n`,
  );
  await vscode.commands.executeCommand('vscode.diff', left, right, `${name}: before ↔ after ${pipeline}`, { preview: true });
  if (row.predicted?.ir && row.measured?.ir) {
    void offerGuess(texts, document, name, predicted.model, row.predicted.ir, row.measured.ir);
  }
}

/** Some models say what the IR will be too. It is shown against what it became, and only where that is asked for. */
async function offerGuess(
  texts: VirtualDocuments,
  document: vscode.TextDocument,
  name: string,
  model: string,
  predicted: string,
  measured: string,
): Promise<void> {
  const show = 'Diff with Measured';
  const text = `irlens: ${model} predicted the IR of ${name} too. It is not checked.`;
  if ((await say.info(text, show)) !== show) {
    return;
  }
  const guess = texts.put(say.fileName(`${name} predicted.ll`), document.uri.toString(), `${predicted}\n`);
  const real = texts.put(say.fileName(`${name} measured.ll`), document.uri.toString(), `${measured}\n`);
  await vscode.commands.executeCommand('vscode.diff', guess, real, `${name}: predicted ↔ measured`);
}

/** The function that a lens names or the cursor is in, of an IR file. */
export async function chooseFunction(jobs: Jobs, target?: Target): Promise<{ document: vscode.TextDocument; name: string } | undefined> {
  const document = await documentOf(target);
  if (!document || !isIr(document)) {
    void say.info('irlens: open an LLVM IR file (.ll) and put the cursor into a function.');
    return undefined;
  }
  const name = jobs.hasServer() && (target?.function || (await functionAtCursor(document)));
  return name ? { document, name } : undefined;
}

async function textOf(document: vscode.TextDocument, name: string): Promise<string> {
  const symbol = (await functionsOf(document)).find((one) => one.name === name);
  return symbol ? document.getText(symbol.range) : '';
}

/** Measured, predicted, and by whom, in lines short enough for one side of a diff. */
function head(predicted: Predicted, row: PredictedFunction): string {
  const lines = [row.measured ? `measured after ${predicted.pipeline}: ${measured(row)}` : `not measured: ${row.why_not_measured ?? 'LLVM did not run it'}`];
  if (row.measured) {
    lines.push(`  by ${row.measured.by}`);
  }
  lines.push(row.predicted ? `predicted: ${prediction(row)}` : `no prediction: ${row.why_not_predicted ?? 'no model was asked'}`);
  if (row.predicted) {
    lines.push(`  by ${predicted.model}, a model; not checked${row.predicted.kept_from_before ? '; cached' : ''}`);
  }
  return [...lines, ...(predicted.notes ?? []), ...predicted.repairs].map((line) => `; ${say.label(line)}`).join('\n');
}

function measured(row: PredictedFunction): string {
  return row.measured?.ir ? counted(row.measured) : 'nothing is left of it';
}

function prediction(row: PredictedFunction): string {
  return row.predicted ? `${counted(row.predicted)}${row.predicted.bytes_of === 'object' ? ' in an object of its own' : ''}` : '';
}
