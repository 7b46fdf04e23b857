/** Every piece of evidence is whole: a code of its own, a source, a text. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../../test/support/analyze.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import type { Absence, ResetEvent } from '../../join/join-view.ts';
import { nothingElsewhere } from '../elsewhere/elsewhere.ts';
import { EVIDENCE_FAMILIES } from '../../../../shared/model/verdict.ts';
import { Across } from '../across/across.ts';
import { EmitterTable } from '../observe/emitters.ts';
import { FlowWindow } from '../observe/flow-window.ts';
import { ResetFacts } from '../observe/facts.ts';
import { observe } from '../observe/observe.ts';
import { ServiceTable } from '../observe/services.ts';
import type { Telling } from './entry.ts';
import { EVIDENCE, WEIGHTS } from './table.ts';

const entries = EVIDENCE.flatMap((group) => group.entries);

/** What texts are told from: some reset of a connection, with an acknowledgement of one byte too many. */
function telling(): Telling {
  const talk = new Conversation({ server: { hops: 8, delay: 0.02 } }).handshake().exchange(10, 10);
  const view = analyzePackets(talk.rst({ from: 'server', ack: talk.client.next + 1 }).packets);
  const w = new FlowWindow();
  const f = new ResetFacts();
  observe(view, new EmitterTable(view), new ServiceTable(view), w, f, 0);
  const across = new Across(view);
  across.observe(w, f);
  // As if a twin, and a connection made instead, had been found.
  Object.assign(across.twin, { flow: f.flow, packet: f.packet });
  Object.assign(across.attempt, { instead: f.flow, successPacket: f.packet });
  const witness = { word: 'none', isOwn: false, isStranger: false, event: null, trouble: undefined } as const;
  // As if another capture had been made, without the reset.
  const there = { vantage: 2, flow: f.flow, reset: 0, packet: f.packet };
  const absence: Absence = {
    ...{ vantage: 2, flow: f.flow, lies: 'before', lossBound: 0.003, passed: 40, missed: 0 },
    ...{ missedAround: 0, missedHere: 0, lossBoundOfBoth: 0.003, isWatching: true, doubt: null },
    ...{ isSingular: true, isPlace: true },
  };
  const event: ResetEvent = {
    ...{ primary: 0, records: [0], sightings: [there], absences: [absence], born: [2, 1] },
    ...{ class: 'same', sameActAs: null },
  };
  const unseen = { vantage: 2, others: 3 };
  const elsewhere = { ...nothingElsewhere(), event, absence, unseen };
  return {
    view,
    w,
    f,
    across,
    hints: undefined,
    product: null,
    witness,
    elsewhere,
    at: f.at,
    sender: 'server',
    receiver: 'client',
  };
}

describe('evidence', () => {
  it('has a code of its own', () => {
    expect(new Set(entries.map(({ code }) => code)).size).toBe(entries.length);
    expect(Object.keys(WEIGHTS)).toEqual(entries.map(({ code }) => code));
  });

  it.each(entries)('$code says where its weight comes from and which family it counts in', (entry) => {
    expect(entry.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(EVIDENCE_FAMILIES).toContain(entry.family);
    expect(entry.weight === 0).toBe(entry.family === 'why');
    expect(entry.source).toMatch(/^[A-Z[].{10,}\.$/);
    // What the kernel and the capture itself say is no estimate; every other weight names what it was taken from.
    if (entry.family !== 'why' && entry.weight > -8 && entry.weight < 8)
      expect(entry.source).toMatch(/\[(P|L|W|C|prior)\]/);
  });

  it.each(entries)('$code is told in a sentence', ({ text }) => {
    const sentence = text(telling());
    expect(sentence).toMatch(/^[A-Z].+\.$/);
    expect(sentence).not.toMatch(/undefined|NaN|null/);
  });

  it('stands behind none that always holds', () => {
    for (const { entries: alternatives } of EVIDENCE) {
      const c = telling();
      const always = alternatives.findIndex(({ when }) => when.length === 0 && when(c));
      if (always >= 0) expect(always).toBe(alternatives.length - 1);
    }
  });
});
