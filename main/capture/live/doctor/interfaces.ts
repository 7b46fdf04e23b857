/** The interfaces of this machine, from whoever knows most about them. */
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import * as path from 'node:path';
import type { CaptureInterface, CountersReading, InterfaceCounters } from '../../../../shared/model/live.ts';
import type { RunProgram } from './run-program.ts';

const MAX_INTERFACES = 1000;

/** What `resetscope-capd list` says. */
export interface HelperList {
  readonly version: string | null;
  readonly interfaces: readonly CaptureInterface[];
}

/** undefined where the helper cannot run, or prints something that is no list. */
export async function helperList(helper: string, run: RunProgram): Promise<HelperList | undefined> {
  const { exitCode, stdout } = await run(helper, ['list']);
  if (exitCode !== 0) return undefined;
  try {
    return readHelperList(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}

function readHelperList(data: unknown): HelperList | undefined {
  if (!isRecord(data) || !Array.isArray(data['interfaces'])) return undefined;
  const version = typeof data['version'] === 'string' ? data['version'] : null;
  const interfaces = (data['interfaces'] as unknown[]).slice(0, MAX_INTERFACES).flatMap((one) => {
    if (!isRecord(one) || typeof one['name'] !== 'string' || one['name'] === '') return [];
    const { description, linkTypes } = one;
    return [
      {
        name: one['name'],
        description: typeof description === 'string' && description !== '' ? description : null,
        addresses: strings(one['addresses']),
        up: one['up'] === true,
        loopback: one['loopback'] === true,
        wireless: one['wireless'] === true,
        linkTypes: Array.isArray(linkTypes) ? strings(linkTypes) : null,
      },
    ];
  });
  return { version, interfaces };
}

/** The interfaces as far as no program is needed: those that Node knows, and on Linux those without an address. */
export async function systemInterfaces(): Promise<CaptureInterface[]> {
  const known = Object.entries(networkInterfaces());
  const found = known.map(([name, addresses = []]) =>
    plainInterface(
      name,
      addresses.map((one) => one.address),
    ),
  );
  const named = new Set(found.map(({ name }) => name));
  for (const { name } of await readLinuxCounters()) {
    if (!named.has(name)) found.push(plainInterface(name, []));
  }
  if (process.platform === 'linux') found.push(plainInterface('any', []));
  return Promise.all(found.map(withLinuxState));
}

function plainInterface(name: string, addresses: readonly string[]): CaptureInterface {
  const loopback = addresses.some((address) => address === '127.0.0.1' || address === '::1');
  const description = name === 'any' ? 'all interfaces' : null;
  return {
    name,
    description,
    addresses,
    up: name === 'any' || addresses.length > 0,
    loopback,
    wireless: false,
    linkTypes: null,
  };
}

async function withLinuxState(one: CaptureInterface): Promise<CaptureInterface> {
  if (process.platform !== 'linux' || one.name === 'any' || one.name !== path.basename(one.name)) return one;
  const folder = path.join('/sys/class/net', one.name);
  const [flags, wireless] = await Promise.all([
    readFile(path.join(folder, 'flags'), 'utf8').catch(() => ''),
    readFile(path.join(folder, 'uevent'), 'utf8').catch(() => ''),
  ]);
  // IFF_UP, IFF_LOOPBACK of linux/if.h
  const bits = Number(flags.trim() || '0');
  return {
    ...one,
    up: flags === '' ? one.up : (bits & 1) !== 0,
    loopback: one.loopback || (bits & 8) !== 0,
    wireless: /DEVTYPE=wlan/u.test(wireless),
  };
}

/** Counters of all interfaces on Linux, which need no rights there; none elsewhere. */
export async function readCounters(): Promise<CountersReading> {
  return { atMs: performance.now(), interfaces: await readLinuxCounters() };
}

async function readLinuxCounters(): Promise<InterfaceCounters[]> {
  if (process.platform !== 'linux') return [];
  // `self`: the network namespace is this process' own.
  const text = await readFile('/proc/self/net/dev', 'utf8').catch(() => '');
  return parseNetDev(text);
}

/** /proc/net/dev: per interface eight counters received and eight sent. */
export function parseNetDev(text: string): InterfaceCounters[] {
  return text
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [, name, rest = ''] = /^\s*([^\s]+):\s*(.*)$/u.exec(line) ?? [];
      const counters = rest.split(/\s+/u).map(Number);
      if (name === undefined || counters.length < 12 || counters.some((one) => !Number.isFinite(one)))
        return [];
      return [
        {
          name,
          packets: counters[1] + counters[9],
          bytes: counters[0] + counters[8],
          dropped: counters[3] + counters[11],
        },
      ];
    });
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}

function strings(data: unknown): string[] {
  return Array.isArray(data) ? data.filter((one): one is string => typeof one === 'string') : [];
}
