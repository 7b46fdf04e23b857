/**
 * conn.log of captures of Zeek's corpus, held against what Zeek's own tests record of them (zeek-conn.tsv): state, sizes and missed bytes
 * of each connection. Zeek splits connections where it gives up waiting, and writes its history with counts: those are not compared.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analysis } from '../../main/host/analysis.ts';
import { TableExport } from '../../main/host/tables/table-export.ts';
import { corpusFolder } from '../support/capture-fixture.ts';

const folder = corpusFolder();
const text = readFileSync(new URL('zeek-conn.tsv', import.meta.url), 'utf8');

interface Conn {
  readonly key: string;
  readonly told: Readonly<Record<string, string>>;
}

const COMPARED = ['conn_state', 'orig_bytes', 'resp_bytes', 'missed_bytes'];

const expected = new Map<string, Conn[]>();
for (const line of text.split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const [capture, proto, origH, origP, respH, respP, state, , origBytes, respBytes, missed] =
    line.split('\t');
  const conn: Conn = {
    key: [proto, origH, origP, respH, respP].join(' '),
    told: { conn_state: state, orig_bytes: origBytes, resp_bytes: respBytes, missed_bytes: missed },
  };
  expected.set(capture, [...(expected.get(capture) ?? []), conn]);
}

/** The connections that differ, and why. */
const DIFFERENT: Readonly<Record<string, { readonly why: string; readonly keys: readonly string[] }>> = {
  'tunnels__Teredo.pcap': {
    why: 'Zeek gives up on a connection after a while and begins another for what still comes, and logs tunnels as well as what is in them',
    keys: [
      'tcp 192.168.2.16 1576 75.126.130.163 80',
      'tcp 192.168.2.16 1577 75.126.203.78 80',
      'tcp 192.168.2.16 1578 75.126.203.78 80',
      'udp 192.168.2.16 1920 192.168.2.1 53',
      'udp 192.168.2.16 3797 65.55.158.80 3544',
      'udp 192.168.2.16 3797 65.55.158.81 3544',
      'udp 192.168.2.16 3797 83.170.1.38 32900',
    ],
  },
  'modbus__modbus-and-non-modbus-p502.pcap': {
    why: 'what comes after a reset is another connection for Zeek',
    keys: ['tcp 198.74.56.135 60293 192.168.10.111 502'],
  },
};

async function ours(path: string): Promise<Map<string, Record<string, string>[]>> {
  const analysis = new Analysis();
  try {
    await analysis.run([path], { onProgress: () => undefined });
    let log = '';
    const made = new TableExport(analysis, { kind: 'table', table: 'flows', format: 'zeek', filter: '' });
    for await (const piece of made.pieces(new AbortController().signal)) log += Buffer.from(piece).toString();
    const lines = log.trimEnd().split('\n');
    const fields =
      lines
        .find((line) => line.startsWith('#fields'))
        ?.split('\t')
        .slice(1) ?? [];
    const found = new Map<string, Record<string, string>[]>();
    for (const line of lines.filter((one) => !one.startsWith('#'))) {
      const cells = line.split('\t');
      const row = Object.fromEntries(fields.map((name, i) => [name, cells[i]]));
      const key = [row.proto, row['id.orig_h'], row['id.orig_p'], row['id.resp_h'], row['id.resp_p']].join(
        ' ',
      );
      found.set(key, [...(found.get(key) ?? []), row]);
    }
    return found;
  } finally {
    await analysis.close();
  }
}

describe.skipIf(folder === undefined)('conn.log of the corpus is as Zeek’s', () => {
  it.each([...expected.keys()].filter((capture) => existsSync(join(folder ?? '', capture))))(
    '%s',
    async (capture) => {
      const found = await ours(join(folder ?? '', capture));
      const differing = new Set<string>();
      for (const { key, told } of expected.get(capture) ?? []) {
        const rows = found.get(key) ?? [];
        if (!rows.some((row) => COMPARED.every((name) => row[name] === told[name]))) differing.add(key);
      }
      expect([...differing].sort()).toEqual(DIFFERENT[capture]?.keys ?? []);
    },
  );
});
