import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ServiceDouble } from '../../test/contract/service-double.ts';
import { brokerService } from './broker.ts';

const never = new AbortController().signal;
function broker(allowed: readonly string[]): { double: ServiceDouble; service: ServiceDouble['service'] } {
  const double = new ServiceDouble();
  const service = brokerService({
    engine: double.service,
    capabilities: { host: 'server', pickFiles: false, upload: true, version: '1' },
    mayOpen: (path) => allowed.includes(path),
    captureFolder: '/captures/live',
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
