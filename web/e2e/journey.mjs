// The main job as a person does it, on the real binary: sign in, hand over an EEG and a song, look at
// the results, compose a track from both, play it, take the report. Screenshots are kept in e2e/shots.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { absent, launch, sharedData, shots, watchedPage } from './browser.mjs';
import { startServer } from './server.mjs';

const eegFile = sharedData('eeg/edfio/test_subsecond.edf');
const songFile = sharedData('audio/vibe_ace.ogg');
const browser = await launch();
if (!browser || !eegFile || !songFile) {
  absent('the journey through the web app needs Chromium and shared/data, it was not made');
  await browser?.close();
  process.exit(0);
}

const server = await startServer();
const { page, faults } = await watchedPage(browser, server.web);
page.setDefaultTimeout(60_000);
let passed = 0;
try {
  await step('the printed link signs the owner in', async () => {
    await page.goto(server.sign_in);
    await page.getByRole('heading', { name: 'Library', level: 1 }).waitFor();
    assert.ok(!page.url().includes('token'), 'the token stays in the address');
  });
  await step('the two samples are there, marked as synthetic', async () => {
    await row('Sample EEG').waitFor();
    await row('Sample song').waitFor();
    await shot('library');
  });
  await step('an EEG and a song are handed over and analysed by themselves', async () => {
    await page.locator('input[type=file]').setInputFiles([eegFile, songFile]);
    await ready('test_subsecond', 'eeg.overview');
    await ready('vibe_ace', 'audio.overview');
    await shot('library-with-files');
  });
  await step('the EEG opens in the signal explorer and can be zoomed', async () => {
    await row('test_subsecond').getByRole('link').first().click();
    const timeline = page.locator('[data-testid=timeline]');
    await timeline.waitFor();
    await page.waitForFunction(() => document.querySelector('[data-testid=timeline]')?.dataset.settled);
    const before = await timeline.getAttribute('data-view');
    const box = await timeline.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -300);
    await page.waitForFunction((v) => document.querySelector('[data-testid=timeline]')?.dataset.view !== v, before);
    await page.waitForTimeout(500);
    await shot('signal');
  });
  await step('spectrum and findings of the EEG are shown', async () => {
    await page.getByRole('tab', { name: 'Spectrum' }).click();
    const plot = page.locator('img[src*="/plots/"]').first();
    await plot.waitFor();
    await page.waitForFunction(() => {
      const images = [...document.querySelectorAll('img[src*="/plots/"]')];
      return images.length > 0 && images[0].complete && images[0].naturalWidth > 0;
    });
    await shot('spectrum');
    await page.getByRole('tab', { name: 'Findings' }).click();
    await shot('findings');
  });
  await step('the song shows its key and tempo', async () => {
    await page.goto(server.web);
    await row('vibe_ace').getByRole('link').first().click();
    await page.getByRole('tab', { name: 'Music' }).click();
    await page.getByText('E major').first().waitFor();
    await shot('music');
  });
  let audio;
  await step('a track is composed from brain and song', async () => {
    await page.goto(`${server.web}/studio`);
    await choose('Brain', 'test_subsecond');
    await choose('Sound', 'vibe_ace');
    // The choice of keys names it too, hidden: what counts is what can be read.
    await page.getByText('E major').filter({ visible: true }).first().waitFor();
    await page.getByLabel('Length').fill('0:20');
    await shot('studio');
    await page.getByRole('button', { name: 'Compose' }).click();
    await page.locator('[data-testid=track]').waitFor({ timeout: 180_000 });
    await page.getByText('Why it sounds as it does').first().waitFor();
    await shot('track');
  });
  await step('the track plays in the browser', async () => {
    const track = page.locator('[data-testid=track]').first();
    await track.getByRole('button', { name: /^Play/ }).click();
    await page.waitForFunction(() => [...document.querySelectorAll('audio')].some((a) => a.currentTime > 0.3));
    const playing = await page.evaluate(() => {
      const audio = [...document.querySelectorAll('audio')].find((a) => a.currentTime > 0);
      return { src: audio.src, duration: audio.duration };
    });
    audio = playing;
    assert.ok(Math.abs(playing.duration - 20) < 0.1, `the track lasts ${playing.duration} s`);
  });
  await step('the downloaded track is the stored one', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('[data-testid=track]').getByRole('link', { name: /FLAC/ }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    assert.equal(bytes.subarray(0, 4).toString(), 'fLaC');
    const artifact = await api(`/artifacts/${new URL(download.url()).pathname.split('/')[3]}`);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), artifact.sha256);
    assert.ok(audio.src.includes('/v1/artifacts/'));
  });
  await step('the report downloads as a PDF', async () => {
    const { data } = await api('/recordings?q=test_subsecond');
    await page.goto(`${server.web}/recordings/${data[0].id}?tab=report`);
    await page.getByRole('button', { name: 'Create report' }).click();
    const link = page.getByRole('link', { name: 'Download' }).last();
    await link.waitFor({ timeout: 180_000 });
    await shot('report');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const path = join(shots, 'report.pdf');
    await download.saveAs(path);
    assert.equal(readFileSync(path).subarray(0, 5).toString(), '%PDF-');
  });
  await step('a deleted recording can be brought back', async () => {
    await page.goto(server.web);
    await row('vibe_ace').getByRole('button').last().click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row('vibe_ace').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('vibe_ace').waitFor();
  });
  await step('a password is set, and changed with the one before', async () => {
    await page.goto(`${server.web}/settings`);
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await page.getByLabel('New password').fill('the first passphrase');
    assert.equal(await page.getByLabel('Current password').count(), 0, 'there is no password yet');
    await save.click();
    await page.getByLabel('Current password').fill('the first passphrase');
    await page.getByLabel('New password').fill('another passphrase');
    const [answer] = await Promise.all([page.waitForResponse(/session[/]password/), save.click()]);
    assert.equal(answer.status(), 204);
    await shot('password');
  });
  await step('no console error, policy violation or external request on the way', async () => {
    assert.deepEqual(faults, []);
  });
  console.log(`${passed} passed, 0 failed`);
} catch (error) {
  await shot('failure').catch(() => undefined);
  console.log(`console and policy faults: ${JSON.stringify(faults)}`);
  console.log(`at ${page.url()}`);
  console.error(error);
  console.log(`${passed} passed, 1 failed`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop();
}

async function step(name, run) {
  const started = Date.now();
  console.log(`- ${name}`);
  await run();
  passed += 1;
  console.log(`  ${Date.now() - started} ms`);
}

function row(title) {
  return page.locator('[data-testid=recordings] li').filter({ hasText: title });
}

function shot(name) {
  return page.screenshot({ path: join(shots, `${name}.png`) });
}

async function api(path) {
  return page.evaluate(async (p) => (await fetch(`/v1${p}`)).json(), path);
}

async function ready(title, analysis) {
  for (let i = 0; i < 360; i++) {
    const { data } = await api(`/recordings?q=${title}`);
    if (data[0]?.results?.[analysis]) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`${analysis} of ${title} did not come within three minutes`);
}

async function choose(label, title) {
  const select = page.getByLabel(label, { exact: false }).first();
  const option = select.locator('option').filter({ hasText: title });
  await option.waitFor({ state: 'attached' });
  await select.selectOption({ value: await option.getAttribute('value') });
}
