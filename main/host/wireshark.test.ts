import { expect, it } from 'vitest';
import type { WiresharkOptions } from './wireshark.ts';
import { openInWireshark } from './wireshark.ts';

function host(more: Partial<WiresharkOptions> = {}) {
  const started: (readonly string[])[] = [];
  const options: WiresharkOptions = {
    find: () => Promise.resolve('/usr/bin/wireshark'),
    start: (program, args) => {
      started.push([program, ...args]);
      return Promise.resolve();
    },
    platform: 'linux',
    env: { DISPLAY: ':0' },
    ...more,
  };
  return { started, options };
}

it('starts it at the frame', async () => {
  const { started, options } = host();
  expect(await openInWireshark("/a b/it's.pcap", 266, options)).toMatchObject({ why: null });
  expect(started).toEqual([['/usr/bin/wireshark', '-r', "/a b/it's.pcap", '-g', '266']]);
});

it.each<[Partial<WiresharkOptions>, RegExp]>([
  [{ find: () => Promise.resolve(null) }, /not installed/u],
  [{ env: {} }, /no display/u],
  [{ start: () => Promise.reject(new Error('EACCES')) }, /EACCES/u],
])('gives the command where it cannot: %o', async (more, why) => {
  const { options } = host(more);
  const answer = await openInWireshark('/a b.pcap', 5, options);
  expect(answer.why).toMatch(why);
  expect(answer.command).toBe("wireshark -r '/a b.pcap' -g 5");
});
