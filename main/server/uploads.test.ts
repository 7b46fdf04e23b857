import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenCapture } from '../../shared/contract/methods.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import { ServiceDouble } from '../../test/contract/service-double.ts';
import { releasingUploads } from './shown-uploads.ts';
import type { Space } from './uploads.ts';
import { Uploads } from './uploads.ts';

const LIMIT = 100;
const PLENTY: Space = { freeBytes: 1000 * 1024 ** 3, totalBytes: 2000 * 1024 ** 3 };

let parent = '';
let space = PLENTY;
let uploads: Uploads;
beforeEach(async () => {
  space = PLENTY;
  parent = mkdtempSync(join(tmpdir(), 'resetscope-test-'));
  uploads = await Uploads.create(LIMIT, parent, () => Promise.resolve(space));
});
afterEach(async () => {
  await uploads.dispose();
  rmSync(parent, { recursive: true });
});

/** A request whose body comes later. */
function request(length: number): PassThrough & IncomingMessage {
  const stream = new PassThrough();
  return Object.assign(stream, { headers: { 'content-length': String(length) } }) as never;
}
function upload(length: number): Promise<string> {
  const body = request(length);
  body.end('x'.repeat(length));
  return uploads.receive(body, 'a.pcap');
}
const kept = (): number => readdirSync(join(parent, readdirSync(parent)[0])).length;

describe('uploads together', () => {
  it('have a limit, which says what to do', async () => {
    await upload(60);
    await upload(40);
    const refused = await upload(1).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      status: 507,
      message: expect.stringMatching(/--upload-limit/) as string,
    });
    expect(kept()).toBe(2);
  });

  it('are only so many, empty ones too', async () => {
    for (let count = 0; count < 2 * BOUNDS.paths; count++) await upload(0);
    const refused = await upload(0).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      status: 507,
      message: expect.stringMatching(/^2000 uploaded/) as string,
    });
    expect(kept()).toBe(2 * BOUNDS.paths);
  });

  it('have it also while they come', async () => {
    const half = request(60);
    const first = uploads.receive(half, 'a.pcap');
    await expect(upload(60)).rejects.toMatchObject({ status: 507 });
    half.end('x'.repeat(60));
    expect(readFileSync(await first, 'utf8')).toHaveLength(60);
  });

  it('give back the room of one that breaks off', async () => {
    const broken = request(100);
    const receiving = uploads.receive(broken, 'a.pcap');
    broken.end('half');
    await expect(receiving).rejects.toMatchObject({ status: 400 });
    expect(kept()).toBe(0);
    expect(existsSync(await upload(100))).toBe(true);
  });

  it('leave a reserve of the disk', async () => {
    space = { freeBytes: 1024 ** 3 + 50, totalBytes: 1000 * 1024 ** 3 };
    await expect(upload(51)).rejects.toMatchObject({
      status: 507,
      message: expect.stringMatching(/TMPDIR names another place/) as string,
    });
    expect(existsSync(await upload(50))).toBe(true);
    // Where the disk is small, a tenth of it.
    space = { freeBytes: 110, totalBytes: 1000 };
    await expect(upload(11)).rejects.toMatchObject({ status: 507 });
    expect(existsSync(await upload(10))).toBe(true);
  });

  it('share what is free: what still comes counts', async () => {
    space = { freeBytes: 1024 ** 3 + 50, totalBytes: 1000 * 1024 ** 3 };
    const half = request(30);
    const first = uploads.receive(half, 'a.pcap');
    await expect(upload(30)).rejects.toMatchObject({ status: 507 });
    half.end('x'.repeat(30));
    await first;
  });
});

const LISTED: OpenCapture = {
  capture: 1,
  paths: [],
  isLive: false,
  isShown: true,
  phase: 'done',
  bytesRead: 1,
  bytesTotal: 1,
  packets: 1,
};

describe('an upload goes', () => {
  const never = new AbortController().signal;
  it.each(['capture.close', 'capture.open', 'live.start'] as const)('with its capture, at %s', async (by) => {
    let open: readonly string[] = [];
    const listed = (): Promise<readonly OpenCapture[]> => Promise.resolve([{ ...LISTED, paths: open }]);
    const service = releasingUploads(new ServiceDouble({ 'capture.list': listed }).service, uploads);
    const [shown, part, waiting] = [await upload(10), await upload(10), await upload(10)];
    open = [shown, part];
    await service['capture.open']({ paths: open, follow: false }, never);
    expect([shown, part, waiting].map((path) => existsSync(path))).toEqual([true, true, true]);
    open = by === 'capture.open' ? [part, '/other'] : [];
    if (by === 'capture.open') await service[by]({ paths: [part, '/other'], follow: false }, never);
    else await service[by]({} as never, never);
    expect(existsSync(shown)).toBe(false);
    expect(uploads.has(shown)).toBe(false);
    // One of the new capture stays, and so does one that nobody has opened yet.
    expect(existsSync(part)).toBe(by === 'capture.open');
    expect(existsSync(waiting)).toBe(true);
    // What they took is free for others.
    expect(existsSync(await upload(by === 'capture.open' ? 80 : 90))).toBe(true);
  });

  it('not where the next capture could not be opened', async () => {
    const double = new ServiceDouble();
    const service = releasingUploads(double.service, uploads);
    const shown = await upload(10);
    await service['capture.open']({ paths: [shown], follow: false }, never);
    const refusing = releasingUploads(
      new ServiceDouble({ 'capture.open': () => Promise.reject(new Error('no')) }).service,
      uploads,
    );
    await expect(refusing['capture.open']({ paths: ['/x'], follow: false }, never)).rejects.toThrow('no');
    expect(existsSync(shown)).toBe(true);
  });
});
