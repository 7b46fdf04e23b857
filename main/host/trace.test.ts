import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Tracer } from './trace.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const QUESTION = { target: '198.51.100.7', port: 443 };
const NEVER = new AbortController().signal;

function tracer(script: string | null, isRoot = true): Tracer {
  if (script !== null) {
    const program = join(folder, 'traceroute');
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
  }
  return new Tracer({ path: folder, moreFolders: [], platform: 'linux', isRoot });
}

async function whole(one: Tracer): Promise<{ text: string; ended: string }> {
  let text = '';
  for (;;) {
    const more = await one.read(text.length, NEVER);
    text += more.text;
    if (more.ended !== null && more.text === '') return { text, ended: more.ended };
  }
}

it('shows the command before anything runs, with TCP probes where the user may send them', async () => {
  expect(await tracer('exit 0').offer(QUESTION)).toEqual({
    command: 'traceroute -4 -n -T -p 443 -w 2 -m 30 198.51.100.7',
    refusal: null,
  });
  expect((await tracer('exit 0', false).offer(QUESTION)).command).not.toContain('-T');
  expect((await tracer('exit 0').offer({ target: '2001:db8::7', port: 1 })).command).toContain('-6');
});

it('says where nothing is installed that it is not, and still names the command', async () => {
  const { command, refusal } = await tracer(null).offer(QUESTION);
  expect(command).toContain('198.51.100.7');
  expect(refusal).toContain('not installed');
  await expect(tracer(null).start(QUESTION)).rejects.toThrow('not installed');
});

it('gives arguments as they are, and all that the program said', async () => {
  const one = tracer('for a in "$@"; do echo "[$a]"; done');
  await one.start(QUESTION);
  const { text, ended } = await whole(one);
  expect(text).toBe('[-4]\n[-n]\n[-T]\n[-p]\n[443]\n[-w]\n[2]\n[-m]\n[30]\n[198.51.100.7]\n');
  expect(ended).toBe('It has ended.');
});

it('runs one at a time, and ends when asked to', async () => {
  const one = tracer('echo begun; exec sleep 600');
  await one.start(QUESTION);
  expect((await one.read(0, NEVER)).text).toBe('begun\n');
  await expect(one.start(QUESTION)).rejects.toThrow('another trace is running');
  one.stop();
  expect((await whole(one)).ended).toBe('It was stopped.');
  expect((await one.read(0, NEVER)).isWhole).toBe(false);
});

it('says how a program failed', async () => {
  const one = tracer('echo "not permitted" >&2; exit 3');
  await one.start(QUESTION);
  expect(await whole(one)).toEqual({ text: 'not permitted\n', ended: 'traceroute ended with exit code 3.' });
});
