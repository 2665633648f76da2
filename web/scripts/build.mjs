// Static export: messages, then Next without telemetry and without looking at the network.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

await import('./messages.mjs');
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
const { status } = spawnSync(process.execPath, [next, 'build'], {
  stdio: 'inherit',
  cwd: new URL('..', import.meta.url),
  env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NEXT_IGNORE_INCORRECT_LOCKFILE: '1' },
});
process.exit(status ?? 1);
