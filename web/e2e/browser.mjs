// The system's Chromium, watched: console errors, policy violations and external requests are kept.
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
export const shots = join(here, 'shots');

/** Says aloud that something is absent; where CLX_REQUIRE_ALL=1 asks for everything that is a failure. */
export function absent(what) {
  if (process.env.CLX_REQUIRE_ALL === '1') throw new Error(`${what}; CLX_REQUIRE_ALL=1 asks for everything`);
  console.log(`SKIPPED: ${what}`);
  if (process.env.CLX_SKIPPED) appendFileSync(process.env.CLX_SKIPPED, `${what}\n`);
}

/** Path of a recording in shared/data beside the project, or undefined with a loud note. */
export function sharedData(relative) {
  const root = process.env.CLX_DATA ?? join(here, '../../../shared/data');
  const path = join(root, relative);
  if (existsSync(path)) return path;
  absent(`shared/data/${relative} is absent, set CLX_DATA to the folder that has it`);
  return undefined;
}

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    absent(`${executablePath} is not there, the web app was not tried in a browser`);
    return undefined;
  }
  mkdirSync(shots, { recursive: true });
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/** A page whose faults are collected in `faults`. */
export async function watchedPage(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) faults.push(`external: ${url}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`csp: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { page, context, faults };
}
