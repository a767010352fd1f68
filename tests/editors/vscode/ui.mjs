// What a new user sees: a VS Code page in Chromium, driven by clicks and keys, a picture of every step.
//
//   node ui.mjs URL FOLDER CHROMIUM
//
// FOLDER gets the pictures and `seen.json`, which test_vscode_ui.py judges. Every wait is for something to appear.
import fs from 'node:fs';
import path from 'node:path';
import { openPage } from './page.mjs';

const [url, folder, executablePath] = process.argv.slice(2);
const INSTALL_MS = 240_000;
// Menus and hovers fade in; with motion reduced this is enough for the last of it.
const SETTLE_MS = 400;

// Names of pictures that are no part of the manual have no number.
// The first ones are light, as VS Code is when it is new.
const THEMES = [['Light High Contrast', 'contrast-light'], ['Dark High Contrast', '7-contrast'], ['Dark Modern', 'dark']];
const seen = { clicks: 0, seconds: {} };
const { browser, page, rows, command, lens, toast, inTitle } = await openPage(url, executablePath);
const started = Date.now();

async function shot(name) {
  await page.mouse.move(720, 858); // no tip of whatever is under the pointer
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  seen.seconds[name] = (Date.now() - started) / 1000;
}

async function click(locator) {
  await locator.click();
  seen.clicks += 1;
}

// How many colours the grammar gives to what is on the screen: one with a pattern that VS Code does not take
// colours nothing, and nothing says so.
const colours = () =>
  page.evaluate(() => new Set([...document.querySelectorAll('.view-line span[class^=mtk]')].map((one) => one.className)).size);


// Text of ours that is cut off: an element that is narrower than what is in it, outside of where VS Code scrolls.
async function cutOff() {
  return page.evaluate(() => {
    const found = [];
    for (const one of document.querySelectorAll('.notification-list-item-message, .codelens-decoration, .statusbar-item a')) {
      const box = one.getBoundingClientRect();
      if (box.width > 0 && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || one.scrollWidth > one.clientWidth + 2)) {
        found.push(one.textContent.slice(0, 80));
      }
    }
    return found;
  });
}

async function firstMinute() {
  await page.goto(url);
  await page.locator('.monaco-workbench').waitFor();
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  await command('View: Toggle Primary Side Bar Visibility');
  await command('Welcome: Open Walkthrough');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'irlens' }).first().waitFor();
  await page.keyboard.type('irlens');
  await page.keyboard.press('Enter');
  const step = page.locator('.getting-started-step', { hasText: 'Open a sample' });
  await step.first().waitFor();
  await step.first().click(); // unfolds it; a walkthrough opened by an installation stands so
  await page.frameLocator('iframe.webview.ready').frameLocator('#active-frame').locator('li').first().waitFor(); // what is beside it
  await shot('1-walkthrough');

  seen.clicks = 0;
  await click(page.locator('.getting-started-step').getByRole('button', { name: 'Open bits.s' }).or(page.locator('.getting-started-step a', { hasText: 'Open bits.s' })).first());
  await toast('irlens needs to set up its bundled server').waitFor();
  seen.severityOfMissing = await toast('irlens needs to set up').locator('.notification-list-item-icon').getAttribute('class');
  seen.statusOfMissing = await page.locator('.statusbar-item[id*="irlens"]').first().getAttribute('class');
  await shot('2-missing');
  await click(page.locator('.notification-toast').getByRole('button', { name: 'Install', exact: true }));
  await toast('Installing irlens').waitFor();
  await page.waitForTimeout(1500);
  await shot('3-installing');
  const started = Date.now();
  await lens('Lift to LLVM IR').nth(1).waitFor({ timeout: INSTALL_MS });
  seen.installSeconds = (Date.now() - started) / 1000;
  await toast('irlens is ready').waitFor();
  await closeToasts();
  seen.coloursOfAssembly = await colours();
  await shot('4-lenses');
  await listen('Lift is_power_of_two');
  await click(lens('Lift to LLVM IR').nth(1));
  await lens('Why?').waitFor();
  seen.clicksToLift = seen.clicks;
}

// Every text that a notification with these words has had, in `window.said`: progress is gone before one can look.
const listen = (words) =>
  page.evaluate((wanted) => {
    window.said = [];
    new MutationObserver(() => {
      for (const one of document.querySelectorAll('.notification-list-item-message')) {
        const text = one.textContent;
        if (text.includes(wanted) && window.said.at(-1) !== text) {
          window.said.push(text);
        }
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, words);

async function goTo(line) {
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input[type=text]').waitFor();
  await page.keyboard.type(`:${line}`);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

// From the source to the lift, its evidence and back without the mouse.
async function byKeyboard() {
  await page.keyboard.press('Control+1');
  await goTo(31); // in is_power_of_two
  await page.locator('.view-overlays [class*=ced-]').first().waitFor();
  await shot('6-linked');
  await goTo(62); // in low_byte
  await page.keyboard.press('Shift+Alt+L');
  await page.locator('.tab', { hasText: 'bits.low_byte.ll' }).waitFor();
  await lens('Why?').waitFor();
  await page.keyboard.press('Shift+Alt+M');
  await page.locator('.statusbar-item', { hasText: 'LLVM IR' }).waitFor(); // the lift has the focus
  await page.keyboard.press('Shift+Alt+W');
  await page.locator('.tab', { hasText: 'Why low_byte' }).waitFor();
  await evidence(); // it takes the focus when it is there
  seen.tabsByKeyboard = await page.locator('.tab .label-name').allInnerTexts();
  await page.locator('.tab', { hasText: 'bits.s' }).click();
}

// The page with the evidence, once it is drawn.
const evidence = () =>
  page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame').locator('h1').first().waitFor().catch(() => undefined);

async function contextMenu() {
  await page.locator('.view-line', { hasText: 'xorl' }).first().click({ button: 'right' });
  const entry = page.locator('.monaco-menu .action-label', { hasText: 'Lift Function to LLVM IR' });
  await entry.waitFor();
  seen.contextMenu = await entry.innerText();
  await page.keyboard.press('Escape');
}

async function lifted() {
  await shot('5-lift');
  seen.progress = await page.evaluate(() => window.said);
  seen.previewLenses = await page.locator('.codelens-decoration', { hasText: 'Why?' }).allInnerTexts();
  seen.cutOffLift = await cutOff();
  await command('irlens: Copy Lift');
  await page.locator('.statusbar-item', { hasText: 'is in the clipboard' }).waitFor();
  seen.clipboard = await page.evaluate(() => navigator.clipboard.readText());
  await contextMenu();
  await byKeyboard();
  await goTo(31);
  await page.keyboard.press('Shift+Alt+L');
  await page.locator('.tab', { hasText: 'bits.is_power_of_two.ll' }).waitFor();
  for (const [theme, name] of THEMES) {
    await setTheme(theme);
    await page.keyboard.press('Control+1');
    await shot(name);
  }
  await command('irlens: Why This Verdict?');
  await page.locator('.tab', { hasText: 'Why is_power_of_two' }).waitFor();
  await evidence();
  await shot('8-why');
  seen.tabs = await page.locator('.tab .label-name').allInnerTexts();
}

async function setTheme(label) {
  const before = await page.locator('.monaco-workbench').getAttribute('class');
  await command('Preferences: Color Theme');
  await page.locator('.quick-input-list .monaco-list-row[aria-label*="Modern"]').first().waitFor();
  await page.keyboard.type(label);
  await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first().click();
  await page.waitForFunction((old) => document.querySelector('.monaco-workbench').className !== old, before);
}

async function modules() {
  await command('View: Close All Editors');
  await command('irlens: Open Sample Module');
  await lens('Show each pass').nth(1).waitFor();
  seen.coloursOfIr = await colours();
  await shot('module');
  await lens('Predict pass effect').first().click();
  await page.locator('.quick-input-list .monaco-list-row').nth(5).waitFor();
  await page.keyboard.type('stack slots');
  await page.waitForTimeout(300);
  await shot('9-passes');
  seen.searched = await page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
  await page.keyboard.press('Escape');
  await lens('Predict pass effect').first().click();
  await page.locator('.quick-input-list .monaco-list-row').nth(5).waitFor();
  await page.keyboard.type('sroa');
  await page.waitForTimeout(300);
  await page.keyboard.press('Enter');
  await page.locator('.tab', { hasText: 'after sroa' }).waitFor();
  await page.locator('.diff-hidden-lines, .modified-in-monaco-diff-editor .view-line').first().waitFor();
  await toast('Predict sroa').waitFor({ state: 'detached' }); // the spinner ends with the answer
  await shot('10-predicted');
  await closeToasts();

  await command('View: Close Editor');
  await lens('Show each pass').nth(1).click();
  await page.locator('.quick-input-list .monaco-list-row').nth(5).waitFor();
  await page.keyboard.type('default<Oz>');
  await page.waitForTimeout(300);
  await page.keyboard.press('Enter');
  await page.locator('.part.panel .monaco-list-row', { hasText: 'sroa' }).first().waitFor();
  await page.waitForTimeout(500);
  await shot('11-steps');
  const rows = page.locator('.part.panel .monaco-list-row');
  seen.steps = await rows.allInnerTexts();
  await rows.nth(0).click();
  await rows.nth(2).click({ modifiers: ['Control'] });
  await page.locator('.part.panel a[aria-label="Compare Two Passes"]').first().click();
  await page.locator('.tab', { hasText: 'start ↔' }).waitFor();
  await shot('12-two-steps');
  seen.tabsOfTwo = await page.locator('.tab .label-name').allInnerTexts();

  await command('View: Close Editor');
  await command('View: Toggle Panel Visibility');
  await command('irlens: Optimize for Size');
  await toast('bytes before').waitFor();
  await shot('13-optimize');
  seen.cutOffOptimize = await cutOff();
  // The buttons of the title bar outlive the notification.
  await closeToasts();
  await inTitle('Discard Change').click();
  await page.locator('.tab', { hasText: 'optimized for size' }).waitFor({ state: 'detached' });
  await command('irlens: Optimize for Size');
  await inTitle('Apply Change').click();
  await toast('applied to checksum.ll').waitFor();
  seen.applied = await toast('applied to checksum.ll').innerText();
  seen.tabsAfterApply = await page.locator('.tab .label-name').allInnerTexts();
  await closeToasts();
  await page.keyboard.press('Control+z');
  await page.locator('.statusbar-item[id$="irlens.status"]').click();
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Restart Server' }).waitFor();
  await shot('14-menu');
  seen.menu = await page.locator('.quick-input-list').innerText();
  await page.keyboard.press('Escape');
}

// A module of the workspace whose functions can be smaller than -Oz makes them: sizes, hints, quick fixes.
async function sizes() {
  await command('View: Close All Editors');
  await command('View: Toggle Primary Side Bar Visibility');
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'loops.ll' }).first().dblclick();
  await command('View: Toggle Primary Side Bar Visibility');
  await lens('module: ').waitFor(); // the module is the last that is searched
  await lens(/^\d+ → \d+ B/).first().waitFor(); // that of a function in view
  seen.sizes = await page.locator('.codelens-decoration').allInnerTexts();
  await goTo('64:25'); // the name of @clear
  await page.locator('.view-line', { hasText: '@clear(' }).waitFor();
  await page.keyboard.press('Control+.');
  const menu = page.locator('.action-widget .monaco-list-row');
  await menu.filter({ hasText: 'Copy the opt command' }).waitFor();
  seen.fixes = await menu.allInnerTexts();
  await shot('15-sizes');
  seen.cutOffSizes = await cutOff();
  await page.keyboard.press('Escape');
  await command('Show or Focus Hover');
  await page.locator('.monaco-hover .hover-row', { hasText: 'smaller than -Oz' }).first().waitFor();
  await page.screenshot({ path: path.join(folder, 'hint.png') });
  await page.keyboard.press('Escape');
}

// Rows of a list whose text does not fit.
const cutOffRows = () =>
  page.locator('.quick-input-list .monaco-icon-label-container').evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));

const dialog = () => page.locator('.monaco-dialog-box');
const MODEL = 'llm-compiler-7b-ftd:Q4_K_M';

async function pick(text) {
  await rows().first().waitFor();
  await page.keyboard.type(text);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text }).waitFor();
  await page.keyboard.press('Enter');
}

async function chooseModel() {
  await command('irlens: Choose Model');
  await rows().filter({ hasText: 'A GGUF File' }).waitFor();
}

// From the list over the licence and a download to a lift and the removal. The hub of the test stops in the middle of
// the file: there the download is called off, and goes on when told to.
async function models() {
  await command('View: Close All Editors');
  await command('irlens: Open Sample Assembly');
  await lens('Lift to LLVM IR').nth(1).waitFor();
  await chooseModel();
  seen.models = await rows().allInnerTexts();
  await shot('16-models');
  await pick('LLM Compiler FTD 7B');
  await rows().filter({ hasText: 'Q4_K_M' }).waitFor();
  seen.quantizations = await rows().allInnerTexts();
  seen.cutOffQuantizations = await cutOffRows();
  await shot('quantizations');
  await pick('Q4_K_M');
  await dialog().waitFor();
  seen.licence = await dialog().innerText();
  await shot('17-licence');
  await dialog().getByRole('button', { name: 'Accept and Download' }).click();
  const download = toast(/ bytes of .* MB| MB of /);
  await download.waitFor();
  seen.download = await download.innerText();
  await download.getByRole('button', { name: 'Cancel' }).click();
  await toast('Partial download kept').getByRole('button', { name: 'Resume' }).click();
  await toast('is here, its SHA-256 checked').waitFor();
  await closeToasts();

  await chooseModel();
  await pick(MODEL);
  await pick('Only to lift');
  await toast(`${MODEL} is used for lift`).waitFor();
  seen.used = await toast(`${MODEL} is used for lift`).innerText();
  await closeToasts();
  await goTo(31); // in is_power_of_two
  await listen('Lift is_power_of_two');
  await page.keyboard.press('Shift+Alt+L');
  await page.locator('.tab', { hasText: 'bits.is_power_of_two.ll' }).waitFor();
  await lens('Why?').waitFor();
  seen.progressOfLongAnswers = await page.evaluate(() => window.said);
  await command('irlens: Copy Lift');
  await page.locator('.statusbar-item', { hasText: 'is in the clipboard' }).waitFor();
  seen.liftedWith = await page.evaluate(() => navigator.clipboard.readText());
  await command('irlens: Menu');
  await rows().filter({ hasText: 'Download Model' }).waitFor();
  seen.menuOfTwo = await page.locator('.quick-input-list').innerText();
  await page.keyboard.press('Escape');
  await command('irlens: Show Model');
  await page.locator('.tab', { hasText: 'irlens models.txt' }).waitFor();
  await page.locator('.view-line', { hasText: 'Downloaded models are in' }).waitFor();
  seen.modelsOfTasks = (await page.locator('.editor-group-container.active .view-lines').innerText()).replaceAll('\u00a0', ' ');

  // A repository that this hub does not have.
  await command('irlens: Download Model');
  await pick('LLM Compiler 13B');
  await pick('Q4_K_M');
  await toast('There is no repository').waitFor();
  seen.failedDownload = await toast('There is no repository').innerText();
  await toast('There is no repository').getByRole('button', { name: 'Other Repository' }).click();
  await rows().filter({ hasText: 'OWNER/NAME' }).waitFor();
  seen.repositories = await rows().allInnerTexts();
  await page.keyboard.press('Escape');

  await command('irlens: Remove Model');
  await pick(MODEL);
  await dialog().waitFor();
  seen.removing = await dialog().innerText();
  await dialog().getByRole('button', { name: 'Remove' }).click();
  await toast('is removed').waitFor();
  seen.removed = await toast('is removed').innerText();
  await closeToasts();
}

async function closeToasts() {
  await command('Notifications: Clear All Notifications');
}

try {
  await firstMinute();
  await lifted();
  await modules();
  await sizes();
  await models();
} catch (error) {
  seen.problem = String(error?.stack ?? error);
  await page.screenshot({ path: path.join(folder, 'fail.png') }).catch(() => undefined);
}
fs.writeFileSync(path.join(folder, 'seen.json'), JSON.stringify(seen, null, 1));
await browser.close();
