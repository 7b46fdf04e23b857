/** Facts are of one reset alone, and all are there for somebody. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../../test/support/analyze.ts';
import type { ConversationPacket } from '../../../../test/support/conversation.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import type { Session } from '../../session.ts';
import { ResetJudge } from '../judge.ts';
import { EmitterTable } from './emitters.ts';
import { ResetFacts } from './facts.ts';
import { FlowWindow } from './flow-window.ts';
import { observe } from './observe.ts';
import { ServiceTable } from './services.ts';

const START_NS = 1_700_000_000_000_000_000n;
const SECOND_NS = 1_000_000_000n;

/** Connections one after the other, each of which sets other facts. */
function varied(): Session {
  const stories: readonly ((talk: Conversation) => Conversation)[] = [
    (talk) => talk.handshake().exchange(10, 10).rst({ from: 'server' }),
    (talk) => talk.syn().rst({ from: 'server', style: 'reply' }),
    (talk) => talk.syn().synAck().rst({ from: 'client', style: 'reply' }),
    (talk) => talk.handshake().closes('server').clientSends(9).rst({ from: 'server', style: 'reply' }),
    (talk) =>
      talk
        .handshake()
        .exchange(9, 9)
        .clientSends('bad')
        .rst({ from: 'server', ttl: 60, ipId: 7 })
        .exchange(9, 9),
    (talk) => talk.handshake().exchange(10, 10).clientSends(10).rst({ from: 'server', after: 350 }),
    (talk) =>
      talk
        .handshake()
        .exchange(10, 10)
        .clientSends(4)
        .rst({ from: 'server', seq: talk.server.next + 1460, window: 99 })
        .rst({ from: 'server', seq: talk.server.next + 2920, ttl: 50 })
        .rst({ from: 'client' }),
    (talk) =>
      talk
        .uncaptured((t) => t.handshake())
        .serverSends(10)
        .rst({ from: 'client', style: 'reply' }),
    (talk) => talk.handshake().exchange(5, 5).rst({ from: 'client' }).capturedTwice(),
    (talk) => talk.handshake().rst({ from: 'client' }),
    (talk) => talk.handshake().exchange(5, 5).closes('client').rst({ from: 'server' }),
  ];
  const packets = stories.flatMap((tell, i): readonly ConversationPacket[] => {
    const startNs = START_NS + BigInt(i) * 1000n * SECOND_NS;
    return tell(new Conversation({ client: { port: 40_000 + i }, server: { hops: 8, delay: 0.02 }, startNs }))
      .packets;
  });
  return analyzePackets(packets);
}

function observed(
  view: Session,
  emitters: EmitterTable,
  window: FlowWindow,
  reset: number,
  facts = new ResetFacts(),
): ResetFacts {
  observe(view, emitters, new ServiceTable(view), window, facts, reset);
  return facts;
}

/** Facts of which each field, and each entry of a list, holds what no reset gives it. */
function poisoned(): ResetFacts {
  const facts = new ResetFacts();
  for (const [name, value] of Object.entries(facts) as [string, unknown][])
    Object.assign(facts, { [name]: Array.isArray(value) ? value.map(() => 12_345.5) : 12_345.5 });
  return facts;
}

describe('facts', () => {
  it('do not depend on what was judged before', () => {
    const view = varied();
    const ids = Array.from({ length: view.resets.count }, (_, id) => id);
    expect(ids.length).toBeGreaterThan(12);
    const alone = ids.map((id) => new ResetJudge(view).judge(id));
    expect(new Set(alone.map(({ cause }) => cause.code)).size).toBeGreaterThan(5);
    const judgement = new ResetJudge(view);
    for (const before of ids)
      for (const id of ids) {
        judgement.classify(before);
        expect(judgement.judge(id)).toEqual(alone[id]);
      }
  });

  it('do not depend on what the window held before', () => {
    const view = varied();
    const emitters = new EmitterTable(view);
    for (let id = 0; id < view.resets.count; id++) {
      const used = new FlowWindow();
      for (const column of Object.values(used))
        if (ArrayBuffer.isView(column)) new Uint8Array(column.buffer).fill(0xa5);
      expect(observed(view, emitters, used, id)).toEqual(observed(view, emitters, new FlowWindow(), id));
    }
  });

  it('are all cleared', () => {
    expect(Object.keys(new ResetFacts()).length).toBeGreaterThan(100);
    const facts = poisoned();
    for (const [name, value] of Object.entries(new ResetFacts()))
      expect(facts[name as keyof ResetFacts], name).not.toEqual(value);
    facts.clear();
    expect(facts).toEqual(new ResetFacts());
  });

  it('do not depend on what they held before, whatever that was', () => {
    const view = varied();
    const emitters = new EmitterTable(view);
    for (let id = 0; id < view.resets.count; id++)
      expect(observed(view, emitters, new FlowWindow(), id, poisoned())).toEqual(
        observed(view, emitters, new FlowWindow(), id),
      );
  });

  it.each(Object.keys(new ResetFacts()))('%s is read by somebody', (name) => {
    // An element that is only written to is not read; its index may have one of its own.
    const element = String.raw`\[(?:[^[\]]|\[[^\]]*\])*\]`;
    const isRead = new RegExp(String.raw`\b(f|facts)\.${name}\b(?:${element}|(?!\[))(?! = |\+\+|--| \+= )`);
    expect(isRead.test(SOURCES)).toBe(true);
  });
});

const SOURCES = sourcesIn(new URL('../', import.meta.url));

function sourcesIn(folder: URL): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.endsWith('.test.ts'))
    .map((entry) =>
      entry.isDirectory()
        ? sourcesIn(new URL(`${entry.name}/`, folder))
        : readFileSync(new URL(entry.name, folder), 'utf8'),
    )
    .join('\n');
}
