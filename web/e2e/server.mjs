// A real `clisonix serve` in a folder of its own, for tests that drive it in a browser.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Path of the binary: CLISONIX_BIN, or where cargo puts it. */
function binary() {
  if (process.env.CLISONIX_BIN) return process.env.CLISONIX_BIN;
  const metadata = execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  const target = JSON.parse(metadata).target_directory;
  const found = ['debug', 'release'].map((p) => join(target, p, 'clisonix')).find(existsSync);
  if (!found) throw new Error('build the server first: cargo build -p clisonix');
  return found;
}

/** Starts the server on a free port; `{web, api, sign_in, stop}`. */
export async function startServer({ samples = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'clisonix-e2e-'));
  const args = ['serve', '--json', '--listen', '127.0.0.1:0', '--web-listen', ''];
  const child = spawn(binary(), [...args, '--data-dir', folder, ...(samples ? ['--samples'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CLX_TELEMETRY__LOG: 'warn' },
  });
  const started = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} at start`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', () => {
        rmSync(folder, { recursive: true, force: true });
        resolve();
      });
      child.kill('SIGTERM');
    });
  return { ...started, pid: child.pid, stop };
}
