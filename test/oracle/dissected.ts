/** The values of all fields of all packets of a capture, as tshark and as the dissectors say them. */
import { spawn } from 'node:child_process';
import type { PacketNumber } from '../../shared/base/units.ts';
import { FIELDS, fieldNamed } from '../../shared/fields/catalogue.ts';
import { secondsText } from '../../shared/format/time.ts';
import type { FieldInfo, FieldValue } from '../../shared/fields/field.ts';
import { FlowPlaces } from '../../main/engine/answers/flow-places.ts';
import { IndexContext } from '../../main/engine/answers/packet-context.ts';
import { FieldReader, WantedFields } from '../../main/engine/dissect/dissect.ts';
import { Analysis } from '../../main/host/analysis.ts';
import { PacketBytes } from '../../main/host/packet-bytes.ts';

const OWN = /^(?:rst|flow|failure|capture)(?:\.|$)/u;

/** Fields that Wireshark has, too. */
export const COMPARED: readonly FieldInfo[] = FIELDS.filter(({ name }) => !OWN.test(name));

/** By frame, then by field: its values as text. Fields without values are left out. */
export type Values = ReadonlyMap<number, ReadonlyMap<string, readonly string[]>>;

const PREFERENCES: readonly string[] = [
  'tcp.desegment_tcp_streams:FALSE',
  'tls.desegment_ssl_records:FALSE',
  'http.desegment_headers:FALSE',
  'http.desegment_body:FALSE',
  'ip.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
];

const SEPARATOR = '\u001f';
const AGGREGATOR = '\u001e';

export async function dissectWithTshark(path: string, options: readonly string[] = []): Promise<Values> {
  const names = COMPARED.map(({ name }) => name);
  const output = await run([
    ...['-n', '-r', path, ...options, '-T', 'fields', '-E', `separator=${SEPARATOR}`, '-E', 'occurrence=a'],
    ...['-E', `aggregator=${AGGREGATOR}`],
    ...PREFERENCES.flatMap((preference) => ['-o', preference]),
    ...['--enable-heuristic', 'teredo_udp'],
    ...names.flatMap((name) => ['-e', name]),
  ]);
  const frames = new Map<number, Map<string, string[]>>();
  for (const line of output.split('\n')) {
    if (line === '') continue;
    const cells = line.split(SEPARATOR);
    const values = new Map<string, string[]>();
    for (const [i, cell] of cells.entries()) {
      if (cell !== '')
        values.set(
          names[i],
          cell.split(AGGREGATOR).map((text) => plainText(names[i], text)),
        );
    }
    frames.set(Number(values.get('frame.number')?.[0]), values);
  }
  return frames;
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('tshark', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/** tshark's text, with what is only another way of writing taken off it. */
function plainText(name: string, text: string): string {
  const type = fieldNamed(name)?.type;
  switch (type) {
    case 'protocol':
      return 'there';
    case 'boolean':
      return /^(?:1|True)$/u.test(text) ? '1' : '0';
    case 'unsigned':
    case 'signed':
    case 'float':
      return String(Number(text));
    case 'bytes':
      return text.replaceAll(':', '').toLowerCase();
    case 'duration':
      return Number(text).toFixed(6);
    case 'time': {
      const micros = /\.(\d{6})/u.exec(text)?.[1] ?? '0';
      return String(BigInt(Date.parse(text.replace(/\.\d+/u, ''))) * 1000n + BigInt(micros));
    }
    case 'string':
      return text.replaceAll(String.raw`\r`, '\r').replaceAll(String.raw`\n`, '\n');
    default:
      return text;
  }
}

export async function dissectWithEngine(path: string): Promise<Values> {
  const analysis = new Analysis();
  await analysis.run([path], {});
  const { session } = analysis;
  const names = COMPARED.map(({ name }) => name);
  const reader = new FieldReader(new WantedFields(names));
  const context = new IndexContext(session, new FlowPlaces(session.packets, session.flows, session.flowView));
  const frames = new Map<number, Map<string, string[]>>();
  const bytes = new PacketBytes(analysis);
  for await (const piece of bytes.inOrder(everyPacket(analysis), new AbortController().signal)) {
    for (const one of piece) {
      if (one.unreadable !== null) throw new Error(one.unreadable);
      const found = reader.values(one, context.bind(one.packet, one.interfaceId));
      const values = new Map<string, string[]>();
      for (const [slot, list] of found.entries()) {
        const info = COMPARED[slot];
        if (list.length > 0)
          values.set(
            info.name,
            list.map((value) => textOf(info, value)),
          );
      }
      frames.set(session.packets.frame(one.packet), values);
    }
  }
  await analysis.close();
  return frames;
}

function* everyPacket({ session: { packets } }: Analysis): Generator<PacketNumber> {
  for (let packet = packets.oldest; packet < packets.next; packet++) if (packets.has(packet)) yield packet;
}

function textOf(info: FieldInfo, value: FieldValue): string {
  if (info.type === 'protocol') return 'there';
  if (info.type === 'boolean') return value === true ? '1' : '0';
  if (info.type === 'duration') {
    return Number(typeof value === 'bigint' ? secondsText(value) : value).toFixed(6);
  }
  // Times beyond 104 days from the capture's first are exact to a microsecond.
  if (info.type === 'time') return String((BigInt(value as bigint) + 500n) / 1000n);
  if (!(value instanceof Uint8Array)) return String(value);
  if (info.type === 'ipv4') return value.join('.');
  const hex = Buffer.from(value).toString('hex');
  if (info.type === 'ether') return hex.replaceAll(/(..)(?=.)/gu, '$1:');
  return info.type === 'ipv6' ? ipv6(hex) : hex;
}

/** As the WHATWG URL standard writes it, which is RFC 5952's way, too. */
function ipv6(hex: string): string {
  return new URL(`http://[${hex.replaceAll(/(....)(?=.)/gu, '$1:')}]`).hostname.slice(1, -1);
}
