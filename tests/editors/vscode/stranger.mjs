// What somebody sees whose settings and files are not as they should be:
//
//   node stranger.mjs URL FOLDER CHROMIUM SETTINGS SERVER
//
// SETTINGS is the machine's settings file, which names a server that is not there; SERVER is one that is. FOLDER gets
// `stranger.json`, which test_vscode_stranger.py judges. Every wait is for something to appear.
import fs from 'node:fs';
import path from 'node:path';
import { openPage } from './page.mjs';

const [url, folder, executablePath, settings, server] = process.argv.slice(2);
const seen = {};
const { browser, page, rows, command, openFile, toast, statusItem } = await openPage(url, executablePath, 60_000);

const toasts = () => page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
const says = async (item) => ({
  text: await item.innerText(),
  label: await item.locator('a').first().getAttribute('aria-label'),
  colored: (await item.getAttribute('class')).includes('has-background-color'),
});

async function settingsChange(changes) {
  const now = JSON.parse(fs.readFileSync(settings, 'utf8'));
  fs.writeFileSync(settings, JSON.stringify({ ...now, ...changes }));
}

try {
  await page.goto(url);
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  await openFile('known.s');
  await toast('Cannot start the server').waitFor();
  seen.failed = await says(statusItem());
  await settingsChange({ 'irlens.lift.candidates': 3 });
  await command('irlens: Restart Server');
  await toast('Cannot start the server').waitFor();
  seen.wrongPath = await toasts();

  // The right one starts by itself, and the status speaks of the file in front.
  await command('Notifications: Clear All Notifications');
  await settingsChange({ 'irlens.serverPath': server });
  await statusItem().locator('.codicon-check').waitFor();
  await openFile('unknown.s');
  await statusItem('target?').waitFor();
  seen.unknown = await says(statusItem('target?'));
  await openFile('known.s');
  await statusItem('target?').waitFor({ state: 'detached' });
  seen.known = await says(statusItem());
  await openFile('riscv.s');
  await page.locator('.statusbar-item[id*="irlens"] .codicon-circle-slash').waitFor();
  seen.unsupported = await says(statusItem());
  await openFile('notes.txt');
  await statusItem().waitFor({ state: 'detached' });
  seen.hiddenBesideText = true;

  // The question is answered from the item.
  await openFile('unknown.s');
  await statusItem('target?').click();
  await rows().filter({ hasText: 'AArch64' }).waitFor();
  seen.answers = await rows().allInnerTexts();
  await rows().filter({ hasText: 'x86-64' }).first().click();
  await statusItem('target?').waitFor({ state: 'detached' });
  await page.locator('.squiggly-error').first().waitFor(); // now it is assembled
  seen.toasts = await toasts();

  // Commands of a lift are not there before there is one; compilers' columns line up.
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input[type=text]').fill('>irlens: ');
  await rows().filter({ hasText: 'Choose Target of This File' }).first().waitFor();
  await page.locator('.quick-input-widget input[type=text]').fill('>irlens: L');
  await rows().filter({ hasText: 'Lift Function' }).first().waitFor();
  seen.palette = await rows().allInnerTexts();
  await page.keyboard.press('Escape');
  seen.indentation = await page.locator('[id="status.editor.indentation"]').innerText();
} catch (error) {
  seen.problem = String(error?.stack ?? error);
  seen.toasts = await toasts().catch(() => []);
  await page.screenshot({ path: path.join(folder, 'stranger-fail.png') }).catch(() => undefined);
}
fs.writeFileSync(path.join(folder, 'stranger.json'), JSON.stringify(seen, null, 1));
await browser.close();
