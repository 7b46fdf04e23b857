/**
 * The reading thread: reads a plain capture file, finds and decodes its packets, and hands them over in the ring of
 * read-ring.ts. Reads synchronously: there is nothing else that this thread could do meanwhile.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { ensure } from '../../shared/base/assert.ts';
import type { PacketBatch } from '../engine/batch.ts';
import { ROW_PACKET_AT, ROW_PAYLOAD_AT, ROW_PAYLOAD_FIRST } from '../engine/batch.ts';
import { DecodeStage } from '../engine/decode-stage.ts';
import { Decoder } from '../engine/decode/decoder.ts';
import { PAYLOAD_CAPTURED } from '../engine/decode/facts.ts';
import { LimitCounter } from '../engine/limits.ts';
import { CaptureReader } from '../engine/read/capture-reader.ts';
import { CaptureClock } from '../engine/read/sink.ts';
import type { ReadEvent, ReadMessage, ReadOrder } from './read-messages.ts';
import {
  ASLEEP,
  CANCELLED,
  CARRY_BYTES,
  CHUNKS,
  CONSUMED,
  IN_CARRY,
  PUBLISHED,
  ReadRing,
  SLOTS,
  SLOT_CHUNK,
  SLOT_COUNT,
  SLOT_EVENTS,
} from './read-ring.ts';

const port = ensure(parentPort, 'read-worker runs as a worker');
const { path, buffers, epochNs } = workerData as ReadOrder;
const ring = new ReadRing(buffers);
const { control } = ring;

let published = 0;
let events: ReadEvent[] = [];
/** Index of the chunk being parsed, and the bytes of it that were read. */
let chunkIndex = 0;
let fed = ring.chunks[0];

function send(message: ReadMessage): void {
  port.postMessage(message);
}

function isCancelled(): boolean {
  return Atomics.load(control, CANCELLED) !== 0;
}

/** Waits until the slot of the next batch is free; gives it, emptied. */
function nextBatch(): PacketBatch {
  for (;;) {
    const consumed = Atomics.load(control, CONSUMED);
    if (published - consumed < SLOTS || isCancelled()) break;
    Atomics.wait(control, CONSUMED, consumed);
  }
  const batch = ring.batches[published % SLOTS];
  batch.count = 0;
  return batch;
}

function publish(batch: PacketBatch): PacketBatch {
  if (isCancelled()) {
    batch.count = 0;
    return batch;
  }
  const at = ring.slotAt(published);
  const isInChunk = batch.bytes === fed;
  if (!isInChunk) moveToCarry(batch, ring.carries[published % SLOTS]);
  control[at + SLOT_COUNT] = batch.count;
  control[at + SLOT_CHUNK] = isInChunk ? chunkIndex : IN_CARRY;
  control[at + SLOT_EVENTS] = events.length > 0 ? 1 : 0;
  if (events.length > 0) {
    send({ kind: 'events', batch: published, events });
    events = [];
  }
  published++;
  Atomics.store(control, PUBLISHED, published);
  if (Atomics.compareExchange(control, ASLEEP, 1, 0) === 1) send({ kind: 'wake' });
  return nextBatch();
}

/** The reader's own buffer is no shared memory: what may still be looked at is copied. */
function moveToCarry(batch: PacketBatch, carry: Uint8Array): void {
  const from = batch.facts[0][ROW_PACKET_AT];
  carry.set(batch.bytes.subarray(from, from + CARRY_BYTES));
  for (let row = 0; row < batch.count; row++) {
    const facts = batch.facts[row];
    facts[ROW_PACKET_AT] -= from;
    const payloadEnd = facts[ROW_PACKET_AT] + facts[ROW_PAYLOAD_AT] + facts[PAYLOAD_CAPTURED];
    if (payloadEnd > CARRY_BYTES) facts[ROW_PAYLOAD_FIRST] = -1;
  }
}

const limits = new LimitCounter();
const clock = new CaptureClock();
clock.epochNs = epochNs;
const stage = new DecodeStage(new Decoder(limits), nextBatch(), publish);
const reader = new CaptureReader(
  {
    onInterface: (info) => {
      stage.addInterface(info.linkType);
      events.push({ kind: 'interface', info });
    },
    onPacket: (data, start, capturedLength, wireLength, timeNs, interfaceId, direction, fileOffset) => {
      stage.packet(data, start, capturedLength, wireLength, timeNs, interfaceId, direction, fileOffset);
    },
    onComment: (text) => {
      // Before the comment, so that the last packet taken is the one that it is about.
      stage.flush();
      events.push({ kind: 'comment', text });
    },
    onName: (address, name) => events.push({ kind: 'name', address, name }),
    onDrops: (drops) => events.push({ kind: 'drops', drops }),
    onWarning: (warning) => events.push({ kind: 'warning', warning }),
  },
  clock,
  limits,
);

let error: string | undefined;
let isEpochTold = false;

function tellEpoch(): void {
  if (isEpochTold || clock.epochNs === undefined) return;
  isEpochTold = true;
  events.push({ kind: 'epoch', epochNs: clock.epochNs, format: reader.format });
}

try {
  const file = openSync(path, 'r');
  try {
    let position = 0;
    while (!isCancelled()) {
      const chunk = ring.chunks[chunkIndex];
      const length = readSync(file, chunk, 0, chunk.length, position);
      if (length === 0) break;
      position += length;
      fed = length === chunk.length ? chunk : chunk.subarray(0, length);
      reader.feed(fed);
      tellEpoch();
      stage.flush();
      chunkIndex = (chunkIndex + 1) % CHUNKS;
    }
  } finally {
    closeSync(file);
  }
} catch (thrown) {
  error = thrown instanceof Error ? thrown.message : String(thrown);
}
if (!isCancelled()) {
  if (error === undefined) reader.end();
  tellEpoch();
  stage.flush();
}
send({
  kind: 'end',
  batches: published,
  events,
  format: reader.format,
  bytes: reader.bytes,
  packets: reader.packets,
  limits: limits.entries(),
  error,
});
