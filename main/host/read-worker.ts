/**
 * The reading thread: reads a plain capture file, finds and decodes its packets, and hands them over in the ring of
 * read-ring.ts. Reads synchronously: there is nothing else that this thread could do meanwhile.
 */
import { errorText } from '../../shared/format/error.ts';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { ensure } from '../../shared/base/assert.ts';
import type { PacketBatch } from '../engine/pipeline/batch.ts';
import { BATCH_PACKETS, ROW_PACKET_AT, ROW_PAYLOAD_AT, ROW_PAYLOAD_FIRST } from '../engine/pipeline/batch.ts';
import { DecodeStage } from '../engine/pipeline/decode-stage.ts';
import { Decoder } from '../engine/decode/decoder.ts';
import { PAYLOAD_CAPTURED } from '../engine/decode/facts.ts';
import { LimitCounter } from '../engine/limits.ts';
import { CaptureReader } from '../engine/read/capture-reader.ts';
import { CaptureClock } from '../engine/read/sink.ts';
import {
  CHUNK_PACKETS,
  MAX_CHUNK_OFFSET,
  makeChunkMemory,
  PacketChunk,
} from '../engine/store/packet-index.ts';
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
  SLOT_INDEX_CHUNK,
  SLOT_INDEX_ROW,
} from './read-ring.ts';

const port = ensure(parentPort, 'read-worker runs as a worker');
const { path, buffers, hashSeed, epochNs } = await new Promise<ReadOrder>((resolve) => {
  port.once('message', resolve);
});
const ring = new ReadRing(buffers);
const { control } = ring;

let published = 0;
let events: ReadEvent[] = [];
/** Index of the chunk being parsed, and the bytes of it that were read. */
let chunkIndex = 0;
let fed = ring.chunks[0];

/** The chunk of the packet index being filled, its number, and its rows that were published. First one that is full. */
let indexChunk = new PacketChunk(0, 0, 0);
let indexNumber = -1;
let indexRow = CHUNK_PACKETS;
/** Of the chunk after it: sent ahead, so that the follower need not wait for it. */
let spareMemory = spare(0);

function spare(number: number): SharedArrayBuffer {
  const memory = makeChunkMemory();
  send({ kind: 'chunk', number, memory });
  return memory;
}

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
  settle(batch);
  return batch;
}

/** Has the batch fill the rows of the index that come next. */
function settle(batch: PacketBatch): void {
  batch.columns = indexChunk;
  batch.columnsAt = indexRow;
  batch.capacity = Math.min(BATCH_PACKETS, CHUNK_PACKETS - indexRow);
}

/** @param offset of the record of its first packet in the file, bytes */
function openIndexChunk(offset: number): void {
  stage.flush();
  indexChunk = new PacketChunk(0, 0, offset, spareMemory);
  indexNumber++;
  indexRow = 0;
  spareMemory = spare(indexNumber + 1);
  settle(ring.batches[published % SLOTS]);
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
  control[at + SLOT_INDEX_CHUNK] = indexNumber;
  control[at + SLOT_INDEX_ROW] = indexRow;
  const { offset, offsetBase } = indexChunk;
  for (let row = 0; row < batch.count; row++) offset[indexRow + row] = batch.offsets[row] - offsetBase;
  indexRow += batch.count;
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
const stage = new DecodeStage(new Decoder(limits), hashSeed, nextBatch(), publish);
const reader = new CaptureReader(
  {
    onInterface: (info) => {
      stage.addInterface(info.linkType);
      events.push({ kind: 'interface', info });
    },
    onPacket: (data, start, capturedLength, wireLength, timeNs, interfaceId, direction, fileOffset) => {
      if (
        indexRow + ring.batches[published % SLOTS].count === CHUNK_PACKETS ||
        fileOffset - indexChunk.offsetBase > MAX_CHUNK_OFFSET
      ) {
        openIndexChunk(fileOffset);
      }
      stage.packet(data, start, capturedLength, wireLength, timeNs, interfaceId, direction, fileOffset);
    },
    onComment: (text) => {
      // Before the comment, so that the last packet taken is the one that it is about.
      stage.flush();
      events.push({ kind: 'comment', text });
    },
    onOtherFrames: (count) => {
      // As for a comment. There may be millions in a row, which are one event.
      stage.flush();
      const last = events.at(-1);
      if (last?.kind === 'other-frames')
        events[events.length - 1] = { kind: last.kind, count: last.count + count };
      else events.push({ kind: 'other-frames', count });
    },
    onName: (address, name) => events.push({ kind: 'name', address, name }),
    onDrops: (drops) => events.push({ kind: 'drops', drops }),
    onKernelEvent: (event) => events.push({ kind: 'kernel', event }),
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
  error = errorText(thrown);
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
