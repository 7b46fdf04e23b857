import { describe, expect, it } from 'vitest';
import { deviceKey, keyText, nameKey } from './name-key.ts';
import { cleanName, hostsText, NAME_BOUNDS, parseHosts } from './named.ts';

describe('the key of a name', () => {
  it('is the same for two ways of writing one address', () => {
    expect(nameKey('2001:DB8:0:0::1')).toBe('2001:db8::1');
    expect(nameKey('[2001:db8::1]')).toBe('2001:db8::1');
    expect(nameKey(' 10.0.0.1 ')).toBe('10.0.0.1');
    expect(nameKey('00-1B-21-AA-BB-CC')).toBe('00:1b:21:aa:bb:cc');
  });

  it('stands for the device so many hops before a host', () => {
    expect(deviceKey(3, '198.51.100.35')).toBe('device 3 before 198.51.100.35');
    expect(nameKey('device 3 before 198.51.100.35')).toBe('device 3 before 198.51.100.35');
    expect(keyText('device 1 before 2001:db8::1')).toBe('the device 1 hop before 2001:db8::1');
  });

  it.each(['', 'router', '10.0.0', '10.0.0.1:80', 'device 99 before 10.0.0.1', 'device 1 before x'])(
    'is none of %j',
    (text) => {
      expect(nameKey(text)).toBeUndefined();
    },
  );
});

describe('a file of names', () => {
  it('is read as a hosts file, with comments and devices', () => {
    const { names, wrong } = parseHosts(
      '# ours\n10.0.0.1\toffice firewall # by the door\n\n2001:db8::1 dns\ndevice 2 before 10.9.9.9 edge router\nnonsense here\n10.0.0.1 fw\n',
    );
    expect(names).toEqual([
      { key: '10.0.0.1', name: 'fw' },
      { key: '2001:db8::1', name: 'dns' },
      { key: 'device 2 before 10.9.9.9', name: 'edge router' },
    ]);
    expect(wrong).toEqual([6]);
  });

  it('comes back as it was written', () => {
    const names = [
      { key: '10.0.0.1', name: 'office firewall' },
      { key: 'device 1 before 10.9.9.9', name: 'edge' },
    ];
    expect(parseHosts(hostsText(names)).names).toEqual(names);
  });

  it('takes only so many names', () => {
    const lines = Array.from({ length: NAME_BOUNDS.names + 5 }, (_, i) => `10.1.${i >> 8}.${i & 255} n${i}`);
    const { names, wrong } = parseHosts(lines.join('\n'));
    expect(names).toHaveLength(NAME_BOUNDS.names);
    expect(wrong).toHaveLength(5);
  });
});

it('a name hides nothing and is one line', () => {
  expect(cleanName('a\n\u202eb')).toBe('a \\u202eb');
  expect(cleanName('x'.repeat(500))).toHaveLength(NAME_BOUNDS.nameLength);
});
