/** The built command line starts with the code that V8 made of it, and without it where that is damaged. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const DIST = new URL('../../dist/', import.meta.url).pathname;
const SAMPLE = join(DIST, 'host/samples/refused-port.pcap');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-code-cache-'));
  cpSync(join(DIST, 'cli'), join(folder, 'cli'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Tells in its last line of each script that was given a cache whether V8 took it. */
const WATCH = `const vm = require('node:vm'), { Script } = vm, told = [];
vm.Script = class extends Script {
  constructor(source, options) { super(source, options); told.push(this.cachedDataRejected ?? null); }
};
process.on('exit', () => console.log('\\n' + JSON.stringify(told)));`;

function analyze(): { readonly report: string; readonly rejected: readonly (boolean | null)[] } {
  const program = join(folder, 'cli/index.js');
  const flags = readFileSync(program, 'utf8').split('\n')[0].match(/--\S+/gu) ?? [];
  expect(flags).not.toEqual([]);
  writeFileSync(join(folder, 'watch.cjs'), WATCH);
  const args = [...flags, '--require', join(folder, 'watch.cjs'), program, 'analyze', '--json', SAMPLE];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  expect(status).toBe(0);
  const [, report, last] = /^(.*)\n(\[.*\])\n$/su.exec(stdout) ?? [];
  return { report, rejected: JSON.parse(last) as (boolean | null)[] };
}

it('is taken for every chunk that analyze loads, and the report is the same without', () => {
  const fast = analyze();
  expect(fast.rejected.length).toBeGreaterThan(2);
  expect(fast.rejected).toEqual(fast.rejected.map(() => false));
  expect(JSON.parse(fast.report)).toMatchObject({ schema: 1, resets: [{}] });

  for (const name of readdirSync(join(folder, 'cli')).filter((file) => file.endsWith('.cache'))) {
    const path = join(folder, 'cli', name);
    const file = readFileSync(path);
    file[file.length >> 1] ^= 0x55;
    writeFileSync(path, file);
  }
  const slow = analyze();
  expect(slow.rejected).toEqual(fast.rejected.map(() => null));
  expect(slow.report).toBe(fast.report);
});
