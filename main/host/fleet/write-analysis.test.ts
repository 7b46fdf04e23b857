/** What analyses of captures tell a fleet: keys that pair hosts, times of handshakes, counts that agree, and nothing of anybody where they are anonymised. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap, type PcapPacket } from '../../../test/support/capture-writer.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { fleetRows, filesBelow, type ReadRow } from '../../../test/support/fleet-tables.ts';
import { ethernet, ip, udp } from '../../../test/support/packet-builder.ts';
import { FLEET_KINDS } from '../../../shared/fleet/tables.ts';
import { Analysis } from '../analysis.ts';
import { fleetKey, PUBLIC_FLEET_KEY } from './keys.ts';
import { writeAnalysis, type AgentOptions, type WrittenCapture } from './write-analysis.ts';

const { signal } = new AbortController();
const KEY = fleetKey(new Uint8Array(32).fill(0x5a));
const START_NS = 1_780_000_000_000_000_000n;
let folder = '';
let tables = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-agent-'));
  tables = join(folder, 'tables');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function talk(from: number, more: Partial<ConstructorParameters<typeof Conversation>[0]> = {}): Conversation {
  return new Conversation({
    client: { address: `185.17.44.${from}`, port: 40_000 + from },
    server: { address: '91.200.12.7', port: 80 },
    startNs: START_NS,
    ...more,
  });
}

function capture(name: string, packets: readonly PcapPacket[]): string {
  const path = join(folder, name);
  writeFileSync(path, writePcap({ packets, nanos: true }));
  return path;
}

async function write(
  paths: readonly string[],
  options: Partial<AgentOptions> & { readonly join?: boolean } = {},
): Promise<WrittenCapture[]> {
  const analysis = new Analysis();
  const { join: joins = true, ...agent } = options;
  try {
    await analysis.run(paths, { signal, join: joins });
    return await writeAnalysis(
      analysis,
      {
        ...{ folder: tables, site: 'berlin', host: 'web-1', key: PUBLIC_FLEET_KEY },
        ...{ isAnonymised: false, clock: null, keepsCases: false },
        ...agent,
      },
      signal,
    );
  } finally {
    await analysis.close();
  }
}

async function only(kind: 'flows' | 'resets' | 'failures' | 'captures'): Promise<ReadRow> {
  const rows = await fleetRows(tables, kind);
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe('a flow', () => {
  it('has keys of its connection, the same at every capture point', async () => {
    const make = (hops: number) => talk(1, { client: { address: '185.17.44.1', port: 40_001, hops } });
    const near = make(0).handshake().clientSends('hello').closes();
    const far = make(5).handshake().clientSends('hello').closes();
    await write([capture('near.pcap', near.packets)], { host: 'a' });
    await write([capture('far.pcap', far.packets)], { host: 'b' });
    const [a, b] = await fleetRows(tables, 'flows');
    for (const key of ['match_key', 'isn_key', 'server_isn_key']) {
      expect(typeof a[key]).toBe('bigint');
      expect(a[key]).toBe(b[key]);
    }
    expect(a['capture']).not.toBe(b['capture']);
    expect(new Set([a['client_hops'], b['client_hops']])).toEqual(new Set([0n, 5n]));
  });

  it('has other keys under another key', async () => {
    const path = capture('a.pcap', talk(1).handshake().packets);
    await write([path]);
    const plain = await only('flows');
    await write([path], { key: KEY });
    expect((await only('flows'))['match_key']).not.toBe(plain['match_key']);
    expect((await only('captures'))['key_id']).toBe(KEY.id);
  });

  it('tells when SYN and SYN-ACK first passed, also where they were sent again', async () => {
    const resent = talk(1)
      .syn()
      .wait(1)
      .retransmit('client')
      .synAck()
      .wait(1)
      .retransmit('client')
      .synAck()
      .clientAcks();
    const path = capture('a.pcap', resent.packets);
    await write([path]);
    const times = resent.packets.map(({ timeNs }) => timeNs);
    expect(await only('flows')).toMatchObject({ syn_time: times[0], syn_ack_time: times[2], state: 'S1' });
  });

  it('tells the time of a SYN-ACK whose SYN was not captured, and no keys of the client', async () => {
    const late = talk(1)
      .uncaptured((one) => one.syn())
      .synAck()
      .clientAcks();
    await write([capture('a.pcap', late.packets)]);
    expect(await only('flows')).toMatchObject({
      ...{ syn_time: null, syn_ack_time: late.packets[0].timeNs, match_key: null, isn_key: null },
      server_isn_key: expect.any(BigInt) as bigint,
    });
  });

  it('has no keys where its start was not captured', async () => {
    const late = talk(1)
      .uncaptured((one) => one.handshake())
      .clientSends('hello')
      .serverSends(10);
    await write([capture('a.pcap', late.packets)]);
    expect(await only('flows')).toMatchObject({
      ...{ match_key: null, isn_key: null, server_isn_key: null, syn_time: null, syn_ack_time: null },
      marks: expect.stringContaining('mid-stream') as string,
    });
  });

  it('counts what acknowledged bytes were not captured, and resets by whose address they carry', async () => {
    const holes = talk(1)
      .handshake()
      .clientSends('hello')
      .uncaptured((one) => one.serverSends(700))
      .serverSends(300)
      .clientAcks()
      .segment('server', { flags: 'R' })
      .segment('server', { flags: 'R', after: 0.1 })
      .segment('client', { flags: 'R' });
    await write([capture('a.pcap', holes.packets)]);
    expect(await only('flows')).toMatchObject({ missed_bytes: 700n, server_resets: 2n, client_resets: 1n });
  });

  it('is one of IPv6 as well', async () => {
    const six = talk(1, {
      client: { address: '2001:db8::1', port: 40_001 },
      server: { address: '2001:db8:1::7', port: 443 },
    }).handshake();
    await write([capture('a.pcap', six.packets)]);
    expect(await only('flows')).toMatchObject({
      ...{ client_address: '2001:db8::1', server_address: '2001:db8:1::7', server_port: 443n },
      match_key: expect.any(BigInt) as bigint,
    });
  });

  it('is one of UDP, without what only TCP has', async () => {
    const packets = [0n, 1n].map((at) => ({
      timeNs: START_NS + at * 1_000_000n,
      data: ethernet(
        { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
        ip(
          at === 0n ? { src: '185.17.44.1', dst: '91.200.12.7' } : { src: '91.200.12.7', dst: '185.17.44.1' },
          udp(
            at === 0n
              ? { srcPort: 5000, dstPort: 6000, payload: 9 }
              : { srcPort: 6000, dstPort: 5000, payload: 4 },
          ),
        ),
      ),
    }));
    await write([capture('a.pcap', packets)]);
    expect(await only('flows')).toMatchObject({
      ...{ protocol: 'udp', client_packets: 1n, server_packets: 1n, client_bytes: 9n, server_bytes: 4n },
      ...{
        match_key: null,
        isn_key: null,
        state: null,
        syn_time: null,
        client_hops: null,
        client_resets: 0n,
      },
    });
  });
});

describe('resets', () => {
  it('have a key that each host makes of the same reset', async () => {
    const make = () => talk(1).handshake().clientSends('hello').segment('server', { flags: 'R' });
    await write([capture('a.pcap', make().packets)], { host: 'a' });
    await write([capture('b.pcap', [...make().packets, ...talk(2).handshake().packets])], { host: 'b' });
    const [a, b] = await fleetRows(tables, 'resets');
    expect(a['reset_key']).toBe(b['reset_key']);
    expect(a['evidence']).toMatch(/^[a-z-]+:(?:[+-]\d+(?:\.\d+)?|0)(?: [a-z-]+:(?:[+-]\d+(?:\.\d+)?|0))*$/u);
  });

  it('are told by each capture that holds them, with the verdict of all together', async () => {
    const captures = new URL('../../lessons/two-points/captures/', import.meta.url).pathname;
    const written = await write([join(captures, 'client.pcapng'), join(captures, 'server.pcapng')]);
    expect(written.map(({ names }) => names)).toEqual([['client.pcapng'], ['server.pcapng']]);
    const resets = await fleetRows(tables, 'resets');
    expect(resets.map((row) => row['proven'])).toContain(true);
    for (const [at, one] of written.entries()) {
      const own = resets.filter((row) => row['capture'] === one.capture);
      expect(own.map((row) => row['file'])).toEqual(own.map(() => written[at].names[0]));
      expect(own).toHaveLength(one.rows.resets);
    }
    expect((await fleetRows(tables, 'flows')).map((row) => row['marks'])).not.toContain(
      expect.stringContaining('also captured'),
    );
  });

  it('are rolled up by server, origin, cause and five minutes, and agree in sum', async () => {
    const talks = [0, 1, 2, 3].map((i) =>
      talk(i % 2, {
        startNs: START_NS + BigInt(i) * 200_000_000_000n,
        client: { address: `185.17.44.${1 + (i % 2)}`, port: 40_000 + i },
      })
        .handshake()
        .clientSends('hello')
        .segment('server', { flags: 'R' }),
    );
    await write([capture('a.pcap', interleave(...talks))]);
    const resets = await fleetRows(tables, 'resets');
    const findings = await fleetRows(tables, 'findings');
    const sum = (rows: readonly ReadRow[], column: string) =>
      rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(resets).toHaveLength(4);
    expect(sum(findings, 'count')).toBe(sum(resets, 'count'));
    expect(sum(findings, 'matters')).toBe(resets.filter((row) => row['matters']).length);
    expect(findings.length).toBeLessThan(4);
    for (const finding of findings) {
      expect(Number((finding['time'] as bigint) % 300_000_000_000n)).toBe(0);
      const example = resets.find((row) => row['reset'] === finding['example_reset']);
      expect(example).toMatchObject({ cause: finding['cause'], origin: finding['origin'] });
    }
  });
});

describe('a capture', () => {
  it('tells how whole it is, and is known by its content and place alone', async () => {
    const packets = talk(1).handshake().clientSends('hello').segment('server', { flags: 'R' }).packets;
    const [first] = await write([capture('a.pcap', packets)]);
    const [again] = await write([capture('copy.pcap', packets)]);
    expect(again.capture).toBe(first.capture);
    expect(await only('captures')).toMatchObject({
      ...{ host: 'web-1', site: 'berlin', source: 'file', files: 'copy.pcap', interface: null },
      ...{ time: packets[0].timeNs, last_time: packets.at(-1)?.timeNs, packets: 5n, flows: 1n, resets: 1n },
      ...{ untold: 0n, lost: null, is_whole: true, clock_bound_seconds: null, key_id: 'public' },
      bytes: BigInt(packets.reduce((sum, { data }) => sum + data.length, 0)),
    });
    const [elsewhere] = await write([join(folder, 'a.pcap')], { host: 'web-2' });
    expect(elsewhere.capture).not.toBe(first.capture);
    await expect(fleetRows(tables, 'flows')).resolves.toHaveLength(2);
  });

  it('that is damaged says so', async () => {
    const path = capture('a.pcap', talk(1).handshake().packets);
    writeFileSync(path, readFileSync(path).subarray(0, -5));
    await write([path]);
    expect(await only('captures')).toMatchObject({ is_whole: false });
  });

  it('given twice is told once, and one without packets not at all', async () => {
    const packets = talk(1).handshake().packets;
    const paths = [capture('a.pcap', packets), capture('b.pcap', packets), capture('c.pcap', [])];
    expect(await write(paths, { join: false })).toHaveLength(1);
    expect(await fleetRows(tables, 'captures')).toHaveLength(1);
  });
});

describe('anonymised tables', () => {
  const SECRETS = [
    '185.17.44.',
    '91.200.12.',
    'b9112c01',
    'shop-of-anna',
    'anna',
    'very-secret-path',
    'token=abc',
  ];

  const secret = () =>
    interleave(
      ...[1, 2].map((i) =>
        talk(i)
          .handshake()
          .clientSends(
            'GET /very-secret-path?token=abc HTTP/1.1\r\nHost: shop-of-anna.example\r\nUser-Agent: anna\r\n\r\n',
          )
          .serverSends('HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n')
          .segment('server', { flags: 'R' }),
      ),
      talk(3).syn().wait(1).retransmit('client').wait(2).retransmit('client').wait(30),
    );

  /** All cells of all tables, and all bytes of files that are no tables. */
  async function everything(): Promise<string> {
    const text: string[] = filesBelow(tables);
    for (const kind of FLEET_KINDS)
      for (const row of await fleetRows(tables, kind)) text.push(Object.values(row).map(String).join('\n'));
    for (const name of filesBelow(tables)) {
      if (name.endsWith('.parquet')) continue;
      const bytes = readFileSync(join(tables, name));
      text.push(bytes.toString('latin1'), bytes.toString('hex'));
    }
    return text.join('\n');
  }

  it('hold nothing of the original but what the agent itself is called', async () => {
    const path = capture('anna-at-185.17.44.1.pcap', secret());
    await write([path], { keepsCases: true });
    const plain = await everything();
    // What is looked for is there to be found.
    for (const one of SECRETS) expect(plain).toContain(one);
    await write([path], { key: KEY, isAnonymised: true, keepsCases: true });
    const told = await everything();
    expect((await fleetRows(tables, 'cases')).length).toBeGreaterThan(0);
    for (const one of SECRETS) expect(told).not.toContain(one);
    expect(told).toContain('web-1');
    expect(await only('captures')).toMatchObject({
      is_anonymised: true,
      key_id: KEY.id,
      files: 'capture-1.pcap',
    });
    expect((await fleetRows(tables, 'failures')).length).toBeGreaterThan(0);
  });

  it('have the keys of the original, and one alias for one host in all tables and on all hosts', async () => {
    const path = capture('a.pcap', secret());
    await write([path], { key: KEY });
    const plain = await fleetRows(tables, 'flows');
    await write([path], { key: KEY, host: 'b', isAnonymised: true });
    const flows = (await fleetRows(tables, 'flows')).filter(
      (row) => !String(row['server_address']).startsWith('91.200'),
    );
    expect(flows.map((row) => row['match_key']).sort()).toEqual(plain.map((row) => row['match_key']).sort());
    const servers = new Set(flows.map((row) => row['server_address']));
    expect(servers.size).toBe(1);
    const [server] = servers;
    const resets = (await fleetRows(tables, 'resets')).filter((row) => row['server_address'] === server);
    expect(resets).toHaveLength(2);
    for (const row of resets) expect(row['origin_label']).toContain(server);
    await write([path], { key: KEY, host: 'c', isAnonymised: true });
    const again = (await fleetRows(tables, 'flows')).filter((row) => row['server_address'] === server);
    expect(again).toHaveLength(2 * flows.length);
    expect(new Set(again.map((row) => row['server_name'])).size).toBe(2);
  });
});
