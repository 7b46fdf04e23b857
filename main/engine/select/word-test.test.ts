/** Free words find what the reference evaluator finds in the whole texts, and labels made of patterns are those that the judge says. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { clientHello, record } from '../../../test/support/tls-messages.ts';
import { Random } from '../../../test/bench/random.ts';
import type { PacketNumber } from '../../../shared/base/units.ts';
import { evaluator, NO_REGEX } from '../../../shared/filter/evaluate.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import { VerdictColumns, type Classification } from '../store/verdict-columns.ts';
import { fieldsOf, leavesOf } from './nodes.ts';
import { selectorOf } from './selector.ts';

const client = (address: string, port: number) => ({ address, port });
const far = { hops: 8, delay: 0.02 };
const session = analyzePackets(
  interleave(
    new Conversation({ client: client('10.9.0.7', 5432) })
      .handshake()
      .exchange(100, 200)
      .rst({ from: 'server' }),
    new Conversation({
      client: client('10.9.0.70', 54_320),
      server: { ...far, address: '10.54.32.1', port: 5432 },
    })
      .handshake()
      .clientSends(record(22, clientHello({ serverName: 'shop.example' })))
      .rst({ from: 'server', style: 'reply', ttl: 57 }),
    new Conversation({ client: client('10.9.0.8', 80), server: { ...far, address: '198.51.100.9' } })
      .handshake()
      .clientSends(10)
      .rst({
        from: 'server',
        ttl: 60,
        ipId: 0,
        options: {},
        payload: 'BIG-IP: [0x2a5d:101] No local listener',
      }),
    new Conversation({
      client: client('2001:db8::80', 8080),
      server: { address: '2001:db8:54:32::1', port: 443 },
    })
      .handshake()
      .exchange(100, 200)
      .rst({ from: 'client' }),
    new Conversation({ client: client('10.9.0.9', 4242), server: { address: '198.51.100.77' } })
      .syn()
      .rst({ from: 'server', style: 'reply' }),
  ),
);
const breathe = (): Promise<void> => Promise.resolve();
const FIELDS = ['flow.text', 'flow.client', 'flow.server', 'rst.text', 'rst.label'];
const RANDOM_WORDS = 400;

/** Parts of what rows say, some of them with a character too many. */
function words(): string[] {
  const random = new Random(7);
  const texts = Array.from(session.resetIds(), (id) => session.resetRow(id)).flatMap(
    ({ client: from, server, serverName, cause, label }) => [from, server, serverName, cause, label],
  );
  const below = (count: number): number => Math.floor(random.unit() * count);
  return Array.from({ length: RANDOM_WORDS }, () => {
    const text = texts[below(texts.length)];
    const at = below(text.length);
    const part = text.slice(at, at + 1 + below(9));
    return below(4) === 0 ? `${part}${'17:.[]aFx '[below(10)]}` : part;
  });
}

/** Packets that pass, as the selector says and as the reference evaluator does. */
async function asked(filter: string): Promise<{ found: readonly number[]; expected: readonly number[] }> {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(`${filter}: ${parsed.error.message}`);
  const node = parsed.value;
  const { yes } = await selectorOf(session).select(filter, node, breathe);
  const names = leavesOf(node).flatMap((leaf) => fieldsOf(leaf).map(({ field }) => field.name));
  const read = selectorOf(session).fieldReader(names);
  const passes = evaluator(node, NO_REGEX);
  const packets = Array.from({ length: session.packets.next }, (_, i) => i);
  const expected = packets.filter((one) => passes({ values: read(one as PacketNumber, undefined) }));
  return { found: yes.slice(0, session.packets.count), expected };
}

describe('a word', () => {
  it.each(FIELDS)('is found in %s as the reference evaluator finds it', async (field) => {
    let hits = 0;
    for (const word of [
      '',
      ':',
      '::',
      '.1:',
      '10.9.0.7:5432',
      '.7:54',
      '[2001',
      ']:443',
      'tcp',
      ...words(),
    ]) {
      for (const left of [`lower(${field})`, field]) {
        const filter = `${left} contains ${JSON.stringify(word)}`;
        const { found, expected } = await asked(filter);
        expect(found, filter).toEqual(expected);
        hits += found.length > 0 ? 1 : 0;
      }
    }
    expect(hits).toBeGreaterThan(RANDOM_WORDS / 10);
  });

  it('typed bare is looked for in all of them', async () => {
    for (const word of ['5432', 'shop.example', 'big-ip', 'REFUSED', '2001:db8::80', '10.9.0.9:4242']) {
      const { found, expected } = await asked(word);
      expect(found, word).toEqual(expected);
      expect(found.length, word).toBeGreaterThan(0);
    }
  });
});

describe('a label', () => {
  it('of a row is the one that the judge gives the reset', () => {
    const ids = [...session.resetIds()];
    const ofRows = ids.map((id) => session.resetRow(id).label);
    expect(ofRows).toEqual(ids.map((id) => session.resetAccount(id).verdict.origin.label));
    expect(new Set(ofRows).size).toBe(ids.length);
    expect(ofRows.join()).toMatch(
      /the server 10\.54\.32\.1 or a device in front of it.*an F5 BIG-IP that says/,
    );
  });

  it('has no pattern where a capture has too many', () => {
    const columns = new VerdictColumns();
    const verdict: Classification = {
      kind: 'middlebox',
      side: 'path',
      hops: null,
      confidence: 1,
      cause: 'unknown',
      causeConfidence: 1,
      family: 'active',
      obeyed: 'yes',
      matters: true,
      proven: false,
      idleSeconds: null,
      silenceSeconds: null,
      unacknowledged: null,
      labelPattern: '',
    };
    const patternOf = (id: number) => columns.patterns[columns.pattern[id]];
    for (let id = 0; id < 5000; id++) columns.set(id, { ...verdict, labelPattern: `device ${id}` });
    columns.set(5000, { ...verdict, labelPattern: 'device 7' });
    expect(patternOf(4095)).toBe('device 4095');
    expect(patternOf(4096)).toBeUndefined();
    expect(patternOf(5000)).toBe('device 7');
    expect(columns.patterns.length).toBeLessThan(5000);
  });
});
