import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ServiceDouble } from '../../test/contract/service-double.ts';
import { defaultOptions } from '../host/live/live-defaults.ts';
import { brokerService } from './broker.ts';

const never = new AbortController().signal;
function broker(
  allowed: readonly string[],
  captureFolder = '/captures/live',
): { double: ServiceDouble; service: ServiceDouble['service'] } {
  const double = new ServiceDouble();
  const service = brokerService({
    engine: double.service,
    capabilities: { host: 'server', pickFiles: false, upload: true, version: '1' },
    mayOpen: (path) => allowed.includes(path),
    captureFolder,
    allowPaths: false,
    recent: { list: () => [{ path: '/r', openedMs: 1, sizeBytes: 2 }], forget: () => undefined },
  });
  return { double, service };
}
const open = (service: ServiceDouble['service'], paths: string[]): Promise<null> =>
  Promise.resolve().then(() => service['capture.open']({ paths, follow: false }, never));

it('opens what the user named', async () => {
  const { double, service } = broker(['/captures/a.pcap']);
  await open(service, ['/captures/x/../a.pcap']);
  expect(double.calls[0].params).toEqual({ paths: ['/captures/a.pcap'], follow: false });
});

it.each([['/etc/passwd'], ['/captures/a.pcap/../b.pcap'], ['a.pcap']])('does not open %s', async (path) => {
  const { double, service } = broker(['/captures/a.pcap']);
  await expect(open(service, ['/captures/a.pcap', path])).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringContaining(resolve(path)) as string,
  });
  expect(double.calls).toEqual([]);
});

it('answers for the host itself and passes on the rest', async () => {
  const { double, service } = broker([]);
  expect(await service['host.recent']({}, never)).toEqual([{ path: '/r', openedMs: 1, sizeBytes: 2 }]);
  expect(double.calls).toEqual([]);
  await service['capture.progress']({}, never);
  expect(double.calls.map(({ method }) => method)).toEqual(['capture.progress']);
});

describe('what a page may have written', () => {
  const options = { ...defaultOptions('eth0') };
  it.each([
    [null, null],
    ['sub', '/captures/live/sub'],
    ['/captures/live', '/captures/live'],
  ])('%s', async (folder, sent) => {
    const { double, service } = broker([]);
    await service['live.start']({ options: { ...options, folder } }, never);
    expect(double.calls[0].params).toEqual({ options: { ...options, folder: sent } });
  });

  it.each(['/etc', '../x', '/captures/live/../x'])('is not %s', async (path) => {
    const { double, service } = broker([]);
    const start = async (): Promise<null> =>
      service['live.start']({ options: { ...options, folder: path } }, never);
    const save = async (): Promise<string> => service['live.save']({ path }, never);
    await expect(start()).rejects.toMatchObject({ code: 'bad-request' });
    await expect(save()).rejects.toMatchObject({ code: 'bad-request' });
    expect(double.calls).toEqual([]);
  });

  it('is a new file among the captures', async () => {
    const { double, service } = broker([], process.cwd());
    expect(await service['live.save']({ path: 'all.pcapng' }, never)).toBe(resolve('all.pcapng'));
    expect(double.calls[0].params).toEqual({ path: resolve('all.pcapng') });
    const again = async (): Promise<string> => service['live.save']({ path: 'package.json' }, never);
    await expect(again()).rejects.toThrow(/exists already/u);
  });
});
