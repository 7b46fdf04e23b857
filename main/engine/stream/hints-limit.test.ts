import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { expect, it, vi } from 'vitest';
import { ascii } from '../../../test/support/tls-messages.ts';
import type * as limitsModule from '../limits.ts';
import { LimitCounter } from '../limits.ts';
import { HintCollector } from './hints.ts';

const { MAX_FLOWS } = vi.hoisted(() => ({ MAX_FLOWS: 3 }));

// A million flows would take a second and a third of a gigabyte to reach the real limit.
vi.mock('../limits.ts', async (importOriginal) => {
  const original = await importOriginal<typeof limitsModule>();
  return { ...original, LIMITS: { ...original.LIMITS, maxHintedFlows: MAX_FLOWS } };
});

it('keeps the first flows, counts the others, and goes on learning about those it keeps', () => {
  const limits = new LimitCounter();
  const collector = new HintCollector(limits);
  const show = (flow: number, payload: string): void => {
    const bytes = ascii(payload);
    collector.sniff(flow as FlowRecord, 0, 0 as PacketNumber, bytes, 0, bytes.length, bytes.length);
  };
  for (let flow = 0; flow < MAX_FLOWS + 2; flow++) show(flow, `GET /${flow} HTTP/1.1\r\n\r\n`);
  show(1, 'GET /again HTTP/1.1\r\n\r\n');
  expect(limits.count('maxHintedFlows')).toBe(2);
  expect(collector.hints(MAX_FLOWS as FlowRecord)).toBeUndefined();
  expect(collector.hints(1 as FlowRecord)).toMatchObject({ requestsSeen: 2, http: { target: '/again' } });
});
