/** What commands print, held against the JSON Schemas that `resetscope schema` publishes of it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CONTRACTS } from '../../main/cli/contracts/list.ts';
import type { Contract } from '../../main/cli/contracts/contract.ts';
import { LESSONS } from '../../main/lessons/list.ts';
import { partsWith, writeHelper } from '../support/fake-programs.ts';
import { writePcap, writePcapng } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';
import { runCli } from '../support/run-cli.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { atPlace } from '../support/two-places.ts';
import { floodOf } from '../support/floods.ts';

const folder = mkdtempSync(join(tmpdir(), 'resetscope-schemas-'));
const lab = new URL('../fixtures/lab/merged/', import.meta.url).pathname;
const validators = new Map<string, ValidateFunction>();

/** Captures of all kinds, one or several for each run. */
const captures: (readonly string[])[] = [];

beforeAll(async () => {
  vi.stubEnv('RESETSCOPE_CASE_DIR', join(folder, 'cases'));
  await runCli(['schema', '-o', join(folder, 'schemas')]);
  const ajv = new Ajv2020({ strict: true, allErrors: false, allowUnionTypes: true });
  for (const { name } of CONTRACTS) {
    const schema = JSON.parse(readFileSync(join(folder, 'schemas', `${name}.json`), 'utf8')) as object;
    validators.set(name, ajv.compile(schema));
  }
  for (const { name, extension = 'pcap', capture } of SCENARIOS) {
    const path = join(folder, `${name}.${extension}`);
    writeFileSync(path, capture());
    captures.push([path]);
  }
  writeFileSync(join(folder, 'burst.pcap'), floodOf('resets of one flow', 2000));
  captures.push([join(folder, 'burst.pcap')]);
  const talk = new Conversation({ server: { hops: 6, delay: 0.02 } })
    .handshake()
    .exchange(10, 20)
    .rst({ from: 'server' });
  const there = atPlace(talk.packets, { hops: 6, delay: 0.01 });
  writeFileSync(join(folder, 'here.pcap'), writePcap({ nanos: true, packets: talk.packets }));
  writeFileSync(join(folder, 'there.pcap'), writePcap({ nanos: true, packets: there }));
  captures.push([join(folder, 'here.pcap'), join(folder, 'there.pcap')]);
  for (const topology of readdirSync(lab))
    captures.push(['client', 'middle', 'server'].map((place) => join(lab, topology, `${place}.pcapng.gz`)));
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** The documents that were printed, held against the schema; answers how many there were. */
function hold({ name, isLines }: Contract, printed: string): number {
  const validate = validators.get(name);
  if (validate === undefined) throw new Error(`there is no schema ${name}`);
  const documents = isLines === true ? printed.trim().split('\n') : [printed];
  for (const document of documents) {
    const value: unknown = JSON.parse(document);
    if (!validate(value))
      throw new Error(`${name}: ${JSON.stringify(validate.errors)} in ${document.slice(0, 500)}`);
    // Closed: what the schema does not name is refused, so that a field of ours cannot be forgotten in it.
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      expect(validate({ ...value, another: 1 }), name).toBe(false);
  }
  return documents.length;
}

describe.each(CONTRACTS.filter(({ isTestedApart }) => isTestedApart !== true))('$name', (contract) => {
  it('is what its command prints', async () => {
    const { command } = contract;
    const files = command.filter((argument) => argument === 'FILE').length;
    const runs = files === 0 ? [[]] : captures.filter((one) => one.length >= files);
    expect(runs.length).toBeGreaterThan(0);
    let documents = 0;
    for (const run of runs) {
      const first = command.indexOf('FILE');
      const without = command.filter((argument) => argument !== 'FILE');
      const argv = first < 0 ? without : [...without.slice(0, first), ...run, ...without.slice(first)];
      const { stdout, stderr } = await runCli(argv);
      expect(stdout, `${argv.join(' ')}: ${stderr}`).not.toBe('');
      documents += hold(contract, stdout);
    }
    expect(documents).toBeGreaterThanOrEqual(runs.length);
  });
});

function contractOf(name: string): Contract {
  const contract = CONTRACTS.find((one) => one.name === name);
  if (contract === undefined) throw new Error(`there is no contract ${name}`);
  return contract;
}

it('holds of packets without fields, of several files, and of a wrong filter', async () => {
  const packets = contractOf('packets');
  const [here, there] = [join(folder, 'here.pcap'), join(folder, 'there.pcap')];
  for (const argv of [
    [here],
    [here, there],
    [here, there, '--fields', 'frame.number'],
    [here, '--filter', 'ip.adr == 1'],
    [here, '--limit', '1'],
  ])
    expect(hold(packets, (await runCli(['packets', ...argv, '--json'])).stdout)).toBe(1);
});

it('holds of a live capture', async () => {
  const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
  const live = partsWith(writeHelper(join(folder, 'bin'), talk.packets), join(folder, 'live'));
  const { stdout } = await runCli(
    ['live', '-i', 'eth7', '--json', '--catch', '--after', '0', '--count', '1'],
    { live },
  );
  expect(hold(contractOf('live-line'), stdout)).toBeGreaterThan(3);
});

it('holds of exports of all kinds of captures, however they are chosen', async () => {
  const out = join(folder, 'out', 'part.pcapng');
  mkdirSync(join(folder, 'out'));
  const [here, there] = [join(folder, 'here.pcap'), join(folder, 'there.pcap')];
  const asked = [
    ...captures.map((run) => [...run, '--filter', 'tcp']),
    [here, '--flow', '0'],
    [here, '--finding', '1', '--anonymise'],
    [here, there, '--finding', '1', '--anonymise'],
  ];
  let [replaced, places] = [0, 0];
  for (const argv of asked) {
    const { stdout, stderr } = await runCli(['export', ...argv, '-o', out, '--json']);
    expect(stdout, `${argv.join(' ')}: ${stderr}`).not.toBe('');
    hold(contractOf('export'), stdout);
    const told = JSON.parse(stdout) as { files: unknown[]; replaced: unknown[] };
    replaced += told.replaced.length;
    places = Math.max(places, told.files.length);
  }
  expect(replaced).toBeGreaterThan(0);
  expect(places).toBeGreaterThan(1);
});

it('holds of notes on whatever can be noted', async () => {
  const path = join(folder, 'noted.pcapng');
  const { packets } = new Conversation().handshake().exchange(10, 20).rst({ from: 'server' });
  const blocks = packets.map(({ timeNs, data }) => ({
    ...{ kind: 'packet' as const, timeNs, data },
    comments: ['from the field'],
  }));
  writeFileSync(path, writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] }));
  for (const about of [
    ['of all'],
    ['--packet', '2', '--mark'],
    ['--flow', '0', 'of the shop'],
    ['--reset', String(packets.length), 'why?'],
    ['--finding', '1', 'known'],
  ])
    expect(await runCli(['note', path, ...about]), about.join(' ')).toMatchObject({ exitCode: 0 });
  const { stdout } = await runCli(['notes', path, '--json']);
  hold(contractOf('notes'), stdout);
  const { notes } = JSON.parse(stdout) as { notes: { about: { kind: string }; fromFile: boolean }[] };
  const own = notes.filter(({ fromFile }) => !fromFile);
  expect(new Set(own.map(({ about }) => about.kind))).toEqual(
    new Set(['capture', 'packet', 'flow', 'reset', 'finding']),
  );
  expect(notes.length - own.length).toBe(packets.length);
});

it.each(LESSONS.map(({ name }) => name))('holds of the lesson %s', async (name) => {
  for (const more of [[], ['--code']]) {
    const { stdout, stderr } = await runCli(['lesson', name, '--json', ...more]);
    expect(stdout, stderr).not.toBe('');
    hold(contractOf('lesson'), stdout);
  }
});

it('is listed, printed by name, and refused with what may have been meant', async () => {
  const { stdout } = await runCli(['schema']);
  expect(stdout.trim().split('\n')).toHaveLength(CONTRACTS.length);
  const one = await runCli(['schema', 'analyze']);
  expect(JSON.parse(one.stdout)).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
  });
  const wrong = await runCli(['schema', 'analyse']);
  expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
  expect(wrong.stderr).toContain('did you mean “analyze”?');
});

it('names each contract once', () => {
  const names = CONTRACTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/u);
});
