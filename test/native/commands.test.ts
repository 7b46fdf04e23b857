/** What the capture helper does without capturing: listing, checking filters, refusing. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CABLE, HERE, Network } from './support/network.ts';
import { canCapture, isBuilt, runProgram, SANITIZED } from './support/programs.ts';

interface Listed {
  readonly version: string;
  readonly libpcap: string;
  readonly interfaces: readonly {
    readonly name: string;
    readonly description: string | null;
    readonly addresses: readonly string[];
    readonly up: boolean;
    readonly running: boolean;
    readonly loopback: boolean;
    readonly wireless: boolean;
    readonly linkTypes: readonly string[] | null;
  }[];
}

const helper = (...args: string[]) => runProgram(SANITIZED, args);

describe.skipIf(!isBuilt)('the capture helper checks filters', () => {
  it.each(['', 'tcp', 'tcp port 80 and host 10.0.0.1', 'tcp[tcpflags] & tcp-rst != 0', 'vlan 5 and ip6'])(
    'accepts "%s"',
    (filter) => {
      expect(helper('check', '--filter', filter)).toEqual({ code: 0, stdout: '', stderr: '' });
    },
  );
  it.each([
    ['no filter', 'tcp prt 80', /^resetscope-capd: bad-filter: .*syntax error\n$/],
    ['impossible ports', 'port 65536', /^resetscope-capd: bad-filter: .*65536.*\n$/],
    // A name server is never asked.
    ['names of hosts', 'host reset.example.com', /^resetscope-capd: bad-filter: .*unknown host.*\n$/],
    ['what can never match', 'tcp and ip6 and arp', /^resetscope-capd: bad-filter: .*\n$/],
    [
      'long text',
      'x'.repeat(20_000),
      /^resetscope-capd: bad-filter: the filter is longer than 16384 bytes\n$/,
    ],
    [
      'what takes too long',
      // Ten times as long on any machine.
      Array.from({ length: 1000 }, (_, i) => `port ${i}`).join(' or '),
      /^resetscope-capd: bad-filter: the filter takes more than 5 s to compile\n$/,
    ],
  ])('refuses %s', (_name, filter, message) => {
    const { code, stderr } = helper('check', '--filter', filter);
    expect(stderr).toMatch(message);
    expect(code).toBe(65);
  });
  it('knows link types', () => {
    expect(helper('check', '--filter', 'ether host 1:2:3:4:5:6').code).toBe(0);
    expect(helper('check', '--filter', 'ether host 1:2:3:4:5:6', '--link-type', 'RAW').code).toBe(65);
    expect(helper('check', '--filter', 'tcp', '--link-type', 'NONSENSE').code).toBe(64);
  });
  it('breaks no line and drives no terminal with what it was given', () => {
    const { stderr } = helper('check', '--filter', 'tcp', '--link-type', '\u001b[2J\nok');
    expect(stderr).toBe("resetscope-capd: usage: there is no link type '?[2J?ok'\n");
  });
});

describe.skipIf(!isBuilt)('the capture helper refuses', () => {
  it.each([
    [[], 'a command is missing'],
    [['sniff'], "no command 'sniff'"],
    [['list', '--filter', 'tcp'], "list has no option '--filter'"],
    [['check'], 'check wants --filter'],
    [['check', '--filter'], '--filter wants a value'],
    [['capture'], 'capture wants --interface'],
    [['capture', '--interface', ''], '--interface wants a name'],
    [['capture', '--interface', 'lo', '--batch-ms', '0'], '--batch-ms wants a number from 1 to 10000'],
    [['capture', '--interface', 'lo', '--batch-ms', '-1'], '--batch-ms wants'],
    [['capture', '--interface', 'lo', '--batch-ms', '1x'], '--batch-ms wants'],
    [['capture', '--interface', 'lo', '--snap-length', '99999999999999999999'], '--snap-length wants'],
    [['capture', '--interface', 'lo', 'tcp'], "capture has no option 'tcp'"],
    [['capture', '--interface', 'lo', '--folder', '2'], '--folder wants a number from 3 to 15'],
    [['capture', '--interface', 'lo', '--folder', '3'], 'go together'],
    [['capture', '--interface', 'lo', '--file-seconds', '3'], 'go together'],
    [['capture', '--interface', 'lo', '--file-base', '../up'], '--file-base wants up to 128 letters'],
    [['capture', '--interface', 'lo', '--file-base', ''], '--file-base wants'],
    [['capture', '--interface', 'lo', '--file-bytes', '65535'], '--file-bytes wants a number from 65536'],
    [['capture', '--interface', 'lo', '--file-bytes', '9999999999999999999999'], '--file-bytes wants'],
    [
      ['capture', '--interface', 'lo', '--folder', '9', '--file-base', 'a', '--file-bytes', '65536'],
      'descriptor 9 is no open folder',
    ],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = helper(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^resetscope-capd: usage: [^\n]*\n$/);
    expect(stderr).toContain(message);
  });
  it.each(['no-such-cable', 'a-name-longer-than-names-are', '../../etc/passwd', 'usbmon0', '%s%n'])(
    'the interface %s',
    (name) => {
      const { code, stderr } = helper('capture', '--interface', name);
      expect(stderr).toMatch(/^resetscope-capd: no-such-interface: [^\n]*\n$/);
      expect(code).toBe(66);
    },
  );
});

describe.skipIf(!canCapture)('the capture helper lists interfaces', () => {
  let network: Network;
  let listed: Listed;
  beforeAll(() => {
    network = new Network();
    network.ip('-n', network.here, 'link', 'add', 'we"ird\\', 'type', 'veth', 'peer', 'name', 'other');
    // With its leak checker: nothing was given up here.
    const command = ['netns', 'exec', network.here, SANITIZED, 'list'];
    listed = JSON.parse(execFileSync('ip', command, { encoding: 'utf8' })) as Listed;
  });
  afterAll(() => network.remove());

  const named = (name: string) => listed.interfaces.find((found) => found.name === name);

  it('with addresses, states and link types', () => {
    expect(named(CABLE)).toEqual({
      name: CABLE,
      description: null,
      addresses: [HERE, 'fd88::1', expect.stringMatching(/^fe80::/) as string],
      up: true,
      running: true,
      loopback: false,
      wireless: false,
      linkTypes: expect.arrayContaining(['EN10MB']) as string[],
    });
    expect(named('lo')).toMatchObject({ loopback: true, linkTypes: ['EN10MB'] });
    expect(named('any')?.linkTypes?.[0]).toBe('LINUX_SLL');
  });
  it('with any name', () => {
    expect(named('we"ird\\')).toMatchObject({ up: false, addresses: [] });
  });
  it('and nothing that is no network interface', () => {
    expect(listed.interfaces.map(({ name }) => name).sort()).toEqual([
      ...['any', CABLE, 'lo', 'other', 'we"ird\\'],
    ]);
    expect(listed.libpcap).toMatch(/libpcap/);
  });
  it('without link types to whom may not open them', () => {
    const { stdout } = runProgram('ip', [
      ...['netns', 'exec', network.here, 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
      ...['--inh-caps=-all', SANITIZED, 'list'],
    ]);
    const list = JSON.parse(stdout) as Listed;
    expect(list.interfaces.find(({ name }) => name === CABLE)?.linkTypes).toBeNull();
  });
});
