/** Reports as the page asks for them, of the loopback server as people start it. */
import { readdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RESET_ROWS } from '../../shared/columns/rows.ts';
import type { Params } from '../../shared/contract/methods.ts';
import type { ReportSubject } from '../../shared/model/report.ts';
import type { ResetRow } from '../../shared/model/rows.ts';
import { createClient } from '../../shared/rpc/client.ts';
import type { Client } from '../../shared/rpc/service.ts';
import type { WebSocketLike } from '../../shared/rpc/web-socket-channel.ts';
import { webSocketChannel } from '../../shared/rpc/web-socket-channel.ts';
import { findChromium } from '../../main/host/report/chromium.ts';
import { ServerProcess } from '../e2e/support/server-process.ts';
import { eventually } from '../support/patience.ts';

const LAB = join(import.meta.dirname, '../fixtures/lab');
const SAMPLE = readdirSync(LAB, { recursive: true, encoding: 'utf8' })
  .filter((name) => /device-text-payload.*\.pcap(?:ng)?\.gz$/u.test(name))
  .map((name) => join(LAB, name))[0];

interface Host {
  readonly server: ServerProcess;
  readonly client: Client;
}

async function start(env: Readonly<Record<string, string>> = {}): Promise<Host> {
  const server = await ServerProcess.start({ files: [SAMPLE], env });
  const origin = `http://127.0.0.1:${server.port}`;
  const token = await server.letIn();
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, ['resetscope', `token.${token}`], {
    origin,
  });
  const client = createClient(webSocketChannel(socket as unknown as WebSocketLike));
  await eventually(async () => {
    expect((await client.call('capture.progress', {})).phase).toBe('done');
  });
  return { server, client };
}

async function stop({ server, client }: Host): Promise<void> {
  client.dispose();
  await server.stop();
}

function wanted(subject: ReportSubject, change: Partial<Params<'report.make'>> = {}): Params<'report.make'> {
  return { subject, format: 'markdown', anonymise: false, names: [], notes: [], ...change };
}

let host: Host;
let row: ResetRow;
let packet: number;
beforeAll(async () => {
  host = await start();
  const query = { sort: 'time', direction: 'ascending', filter: '', from: 0, count: 1 } as const;
  [row] = RESET_ROWS.decode((await host.client.call('resets.rows', query)).rows);
  const { packets } = await host.client.call('resets.detail', { id: row.id });
  packet = packets.find(({ frame }) => frame === row.frame)?.packet ?? -1;
});
afterAll(() => stop(host));

describe('a report', () => {
  it('is made of everything that can be asked for, in both forms', async () => {
    const subjects: ReportSubject[] = [
      { kind: 'reset', packet },
      { kind: 'finding', example: row.id },
      { kind: 'flow', flow: row.flow },
      { kind: 'capture' },
    ];
    for (const subject of subjects) {
      const text = await host.client.call('report.make', wanted(subject));
      expect(text, subject.kind).toMatch(/^# .*\n[\s\S]*## How it was captured/u);
      expect(text, subject.kind).toContain(row.server);
      const page = await host.client.call('report.make', wanted(subject, { format: 'html' }));
      expect(page.startsWith('<!DOCTYPE html>'), subject.kind).toBe(true);
      const hidden = await host.client.call('report.make', wanted(subject, { anonymise: true }));
      expect(hidden, subject.kind).not.toContain(row.server);
    }
  });

  it('has the names and the notes that are given, but no names where it is anonymised', async () => {
    const [, key] = /^\[?(.*?)\]?:\d+$/u.exec(row.server) ?? [];
    const given = {
      names: [{ key, name: 'the-shop' }],
      notes: [{ on: 'The capture', text: 'seen on the third floor' }],
    };
    const told = await host.client.call('report.make', wanted({ kind: 'reset', packet }, given));
    expect(told).toContain('the-shop');
    expect(told).toContain('seen on the third floor');
    const hidden = await host.client.call(
      'report.make',
      wanted({ kind: 'reset', packet }, { ...given, anonymise: true }),
    );
    expect(hidden).not.toContain('the-shop');
  });

  it.each<[string, ReportSubject, string]>([
    ['a packet that is no reset', { kind: 'reset', packet: 0 }, 'there is no reset in that frame'],
    ['a packet that is not there', { kind: 'reset', packet: 4_000_000 }, 'there is no reset in that frame'],
    ['a connection that is not there', { kind: 'flow', flow: 4000 }, 'no connection with that number'],
    ['a finding that is not there', { kind: 'finding', example: 4000 }, 'no such finding'],
  ])('is not made of %s', async (_what, subject, message) => {
    await expect(host.client.call('report.make', wanted(subject))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(message) as string,
    });
  });

  it('is refused where the question is none', async () => {
    const subject = { kind: 'everything' } as unknown as ReportSubject;
    await expect(host.client.call('report.make', wanted(subject))).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe.skipIf(findChromium(process.env) === undefined)('a PDF', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resetscope-report-pdf-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function textOf(pdf: Uint8Array): string | undefined {
    const path = join(folder, 'a.pdf');
    writeFileSync(path, pdf);
    const { error, stdout } = spawnSync('pdftotext', [path, '-'], { encoding: 'utf8' });
    return error === undefined ? stdout : undefined;
  }

  it('is printed of the report', async () => {
    expect((await host.client.call('host.capabilities', {})).pdf).toBe(true);
    const html = await host.client.call('report.make', wanted({ kind: 'reset', packet }, { format: 'html' }));
    const pdf = await host.client.call('report.pdf', { html });
    expect(Buffer.from(pdf.subarray(0, 5)).toString('latin1')).toBe('%PDF-');
    const text = textOf(pdf);
    if (text !== undefined) expect(text).toMatch(/What to do[\s\S]*How it was captured/u);
  });

  it('loads nothing and runs nothing, whatever the page asks for', async () => {
    const asked: string[] = [];
    const stranger = createServer((request, answer) => {
      asked.push(request.url ?? '');
      answer.end('body{}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const secret = join(folder, 'secret.txt');
    writeFileSync(secret, 'the secret of the disk');
    const html = `<p>printed</p><script>document.body.textContent = 'script ran'</script>
<link rel="stylesheet" href="${origin}/style"><img src="${origin}/image" onerror="document.body.textContent = 'script ran'">
<iframe src="${origin}/frame"></iframe><iframe src="${pathToFileURL(secret).href}"></iframe>
<object data="${pathToFileURL(secret).href}"></object><meta http-equiv="refresh" content="0;url=${origin}/refresh">`;
    try {
      const text = textOf(await host.client.call('report.pdf', { html }));
      expect(asked).toEqual([]);
      if (text !== undefined) {
        expect(text).toContain('printed');
        expect(text).not.toMatch(/script ran|secret of the disk/u);
      }
    } finally {
      await new Promise((resolve) => stranger.close(resolve));
    }
  });

  it('is given up when nobody waits for it, and the next one is printed', async () => {
    const abort = new AbortController();
    const first = host.client.call('report.pdf', { html: '<p>first</p>' }, { signal: abort.signal });
    const second = host.client.call('report.pdf', { html: '<p>second</p>' });
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(Buffer.from((await second).subarray(0, 5)).toString('latin1')).toBe('%PDF-');
  });
});

describe('a host without Chromium', () => {
  it('says so, and what to do instead', async () => {
    const bare = await start({ PATH: '/nonexistent' });
    try {
      expect((await bare.client.call('host.capabilities', {})).pdf).toBe(false);
      await expect(bare.client.call('report.pdf', { html: '<p>a</p>' })).rejects.toMatchObject({
        code: 'failed',
        message: expect.stringContaining('save the report as HTML') as string,
      });
    } finally {
      await stop(bare);
    }
  });
});
