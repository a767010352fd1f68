// VS Code's page in Chromium: opening it, running commands in it, finding what is on it.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../clients/vscode/package.json', import.meta.url));
const { chromium } = require('playwright-core');

const STEP_MS = 30_000;

export async function openPage(url, executablePath, stepMs = STEP_MS) {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 }, reducedMotion: 'reduce', colorScheme: 'dark' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  const page = await context.newPage();
  page.setDefaultTimeout(stepMs);

  const rows = () => page.locator('.quick-input-list .monaco-list-row');

  async function command(title) {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget').waitFor();
    const input = page.locator('.quick-input-widget input[type=text]');
    await input.waitFor();
    await input.fill(`>${title}`);
    // By its whole name: the list also has commands that only contain these words.
    await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first().click();
  }

  async function openFile(name) {
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
    await page.locator('.tab.active', { hasText: name }).waitFor();
  }

  return {
    browser,
    page,
    rows,
    command,
    openFile,
    lens: (title) => page.locator('.codelens-decoration a', { hasText: title }),
    toast: (text) => page.locator('.notification-toast', { hasText: text }),
    statusItem: (text) => page.locator('.statusbar-item[id*="irlens"]', text ? { hasText: text } : {}),
    // A button in the title bar of the editor in front.
    inTitle: (title) => page.locator('.editor-group-container.active .editor-actions a', { hasText: title }),
  };
}
