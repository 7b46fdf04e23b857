/**
 * What few packets of a chunk differ in, kept once for all that have it in common: what the packet is, how far it may still go, its
 * headers' length, and how its record lies in the file.
 *
 * Invariant: a row brings at most two new ones, that which it seemed to have and that which it has; so 16 bits name every shape of
 * a chunk, whose rows are fewer by far.
 */
import { wireOf } from './packet-columns.ts';

// How far the next record is from a packet's own: `extra`, and what the rule adds.
/** … the bytes it had on the wire, all of which were captured. */
export const STRIDE_WIRE = 0;
/** … the same, filled up to a multiple of four as pcapng and snoop do. */
export const STRIDE_PADDED = 1;
/** … nothing: of all packets that are longer the same part was captured. */
export const STRIDE_FIXED = 2;
type StrideRule = typeof STRIDE_WIRE | typeof STRIDE_PADDED | typeof STRIDE_FIXED;

/** Bytes that one shape takes where they are packed. */
const SHAPE_BYTES = 8 + 2 * 2 + 4;

export class PacketShapes {
  count = 0;
  overhead: Uint16Array;
  payloadAt: Uint16Array;
  form: Uint8Array;
  tos: Uint8Array;
  ttl: Uint8Array;
  rule: Uint8Array;
  extra: Float64Array;

  constructor(
    capacity = 16,
    memory: ArrayBuffer = new ArrayBuffer(SHAPE_BYTES * capacity),
    at = 8 * capacity,
    extra = new Float64Array(memory, 0, capacity),
  ) {
    this.extra = extra;
    this.overhead = new Uint16Array(memory, at, capacity);
    this.payloadAt = new Uint16Array(memory, at + 2 * capacity, capacity);
    this.form = new Uint8Array(memory, at + 4 * capacity, capacity);
    this.tos = new Uint8Array(memory, at + 5 * capacity, capacity);
    this.ttl = new Uint8Array(memory, at + 6 * capacity, capacity);
    this.rule = new Uint8Array(memory, at + 7 * capacity, capacity);
  }

  /** Those that lie in memory. @param extra their first column, which lies elsewhere for its width */
  static of(memory: ArrayBuffer, at: number, extra: Float64Array<ArrayBuffer>): PacketShapes {
    const shapes = new PacketShapes(extra.length, memory, at, extra);
    shapes.count = extra.length;
    return shapes;
  }

  get packedBytes(): number {
    return this.count * SHAPE_BYTES;
  }

  copy(from: PacketShapes): void {
    const { count } = from;
    this.overhead.set(from.overhead.subarray(0, count));
    this.payloadAt.set(from.payloadAt.subarray(0, count));
    this.form.set(from.form.subarray(0, count));
    this.tos.set(from.tos.subarray(0, count));
    this.ttl.set(from.ttl.subarray(0, count));
    this.rule.set(from.rule.subarray(0, count));
    this.extra.set(from.extra.subarray(0, count));
    this.count = count;
  }

  add(form: number, tos: number, ttl: number, overhead: number, payloadAt: number): number {
    if (this.count === this.form.length) this.#grow();
    const shape = this.count++;
    this.form[shape] = form;
    this.tos[shape] = tos;
    this.ttl[shape] = ttl;
    this.overhead[shape] = overhead;
    this.payloadAt[shape] = payloadAt;
    return shape;
  }

  #grow(): void {
    const larger = new PacketShapes(4 * this.form.length);
    larger.copy(this);
    Object.assign(this, larger);
  }

  /** Bytes that a packet of the shape had on the wire. */
  wire(shape: number, payload: number): number {
    return wireOf(payload, this.overhead[shape], this.form[shape]);
  }

  /** Bytes from the record of a packet of the shape to the next one. */
  stride(shape: number, payload: number): number {
    const extra = this.extra[shape];
    const rule = this.rule[shape];
    if (rule === STRIDE_FIXED) return extra;
    const wire = this.wire(shape, payload);
    return rule === STRIDE_WIRE ? extra + wire : extra + padded(wire);
  }
}

function padded(bytes: number): number {
  return bytes + (-bytes & 3);
}

/** Of pcap. Where it is another one, the first stride says so. */
const USUAL_EXTRA = 16;
const EMPTY = -1;
const LEAST_SLOTS = 256;
/** Shapes that were met last are found without a search: so many, by some bits of what they are. */
const RECENT = 512;
const RECENT_SHIFT = 32 - 9;
/** Words of each: the two that say what it is, its number, and its stride without the payload. */
const RECENT_WORDS = 4;
const FORM_TOS_TTL = 0;
const LENGTHS = 1;
const SHAPE = 2;
const STRIDE = 3;
/** A stride that no record has: it is to be asked for. */
const UNKNOWN_STRIDE = -0x8000_0000;
/** No form has that bit, so that it is equal to no shape. */
const NO_FORM = 1 << 30;

/**
 * Finds the shapes of the chunk that is being filled. It is seeded, so that nobody can prepare a capture whose shapes all collide.
 *
 * Invariant: `#recent` names shapes of this chunk only; whoever looks there compares.
 */
export class ShapeTable {
  #shapes = new PacketShapes();
  /** Numbers of shapes by their hash; at most half are taken. */
  #slots = new Int32Array(LEAST_SLOTS).fill(EMPTY);
  readonly #recent = new Int32Array(RECENT_WORDS * RECENT);
  /** Where among these the shape found last is. */
  #newest = 0;
  readonly #seed = (Math.random() * 2 ** 32) | 0;
  /** How the record before lay in the file: the next will do so, too. */
  #rule: StrideRule = STRIDE_WIRE;
  #extra = USUAL_EXTRA;
  /** Whether all records of the chunk, as far as they were seen, stand at multiples of four. */
  #isAligned = true;

  /** The shapes of another chunk are to be found. */
  begin(shapes: PacketShapes): void {
    this.#shapes = shapes;
    if (this.#slots.length > LEAST_SLOTS) this.#slots = new Int32Array(LEAST_SLOTS);
    this.#slots.fill(EMPTY);
    this.#recent.fill(NO_FORM);
    this.#isAligned = true;
  }

  /** The shape of such a packet, whose record will lie as the last one of that kind did. */
  find(form: number, tos: number, ttl: number, overhead: number, payloadAt: number): number {
    const recent = this.#recent;
    const path = form | (tos << 8) | (ttl << 16);
    const lengths = overhead | (payloadAt << 16);
    const at =
      (Math.imul(path ^ Math.imul(lengths, 0x85eb_ca6b), 0x9e37_79b1) >>> RECENT_SHIFT) * RECENT_WORDS;
    this.#newest = at;
    if (recent[at + FORM_TOS_TTL] === path && recent[at + LENGTHS] === lengths) return recent[at + SHAPE];
    const hash = this.#hash(form, tos, ttl, overhead, payloadAt);
    recent[at + FORM_TOS_TTL] = path;
    recent[at + LENGTHS] = lengths;
    return this.#keep(this.#search(hash, form, tos, ttl, overhead, payloadAt, this.#rule, this.#extra));
  }

  /** Whether the record of the packet whose shape was found last is as long as those of its shape are, as far as that is plain to see. */
  isUsual(payload: number, stride: number, offset: number): boolean {
    if ((offset & 3) !== 0) this.#isAligned = false;
    return this.#recent[this.#newest + STRIDE] + payload === stride;
  }

  /** Keeps the shape found last. */
  #keep(shape: number): number {
    const recent = this.#recent;
    const shapes = this.#shapes;
    recent[this.#newest + SHAPE] = shape;
    const stride = shapes.rule[shape] === STRIDE_WIRE ? shapes.stride(shape, 0) : UNKNOWN_STRIDE;
    recent[this.#newest + STRIDE] = (stride | 0) === stride ? stride : UNKNOWN_STRIDE;
    return shape;
  }

  /**
   * The record of a packet turns out to be so long.
   * @param shape that was found last
   * @returns the shape, or the same but for how its record lies
   */
  fit(shape: number, payload: number, stride: number): number {
    const shapes = this.#shapes;
    if (shapes.stride(shape, payload) === stride) return shape;
    const wire = shapes.wire(shape, payload);
    // Also where the difference could not be told exactly.
    if (stride < wire || !Number.isSafeInteger(stride - padded(wire))) {
      this.#rule = STRIDE_FIXED;
      this.#extra = stride;
    } else {
      this.#rule = this.#isAligned ? STRIDE_PADDED : STRIDE_WIRE;
      this.#extra = stride - (this.#isAligned ? padded(wire) : wire);
    }
    const { form, tos, ttl, overhead, payloadAt } = shapes;
    const such = [form[shape], tos[shape], ttl[shape], overhead[shape], payloadAt[shape]] as const;
    const hash = this.#hash(...such);
    return this.#keep(this.#search(hash, ...such, this.#rule, this.#extra));
  }

  #isSuch(
    shape: number,
    form: number,
    tos: number,
    ttl: number,
    overhead: number,
    payloadAt: number,
  ): boolean {
    const shapes = this.#shapes;
    return (
      shape < shapes.count &&
      shapes.form[shape] === form &&
      shapes.overhead[shape] === overhead &&
      shapes.ttl[shape] === ttl &&
      shapes.payloadAt[shape] === payloadAt &&
      shapes.tos[shape] === tos
    );
  }

  #hash(form: number, tos: number, ttl: number, overhead: number, payloadAt: number): number {
    const path = Math.imul((form | (tos << 8) | (ttl << 16)) ^ this.#seed, 0x9e37_79b1);
    let hash = Math.imul((overhead | (payloadAt << 16)) ^ path ^ (path >>> 15), 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
    return hash ^ (hash >>> 16);
  }

  #search(
    hash: number,
    form: number,
    tos: number,
    ttl: number,
    overhead: number,
    payloadAt: number,
    rule: StrideRule,
    extra: number,
  ): number {
    const shapes = this.#shapes;
    const mask = this.#slots.length - 1;
    let slot = spread(hash, rule, extra, this.#seed) & mask;
    for (; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const shape = this.#slots[slot];
      const lies = shapes.rule[shape] === rule && shapes.extra[shape] === extra;
      if (lies && this.#isSuch(shape, form, tos, ttl, overhead, payloadAt)) return shape;
    }
    const shape = shapes.add(form, tos, ttl, overhead, payloadAt);
    shapes.rule[shape] = rule;
    shapes.extra[shape] = extra;
    this.#slots[slot] = shape;
    if (2 * shapes.count > this.#slots.length) this.#widen();
    return shape;
  }

  #widen(): void {
    const slots = new Int32Array(4 * this.#slots.length).fill(EMPTY);
    const { count, form, tos, ttl, overhead, payloadAt, rule, extra } = this.#shapes;
    for (let shape = 0; shape < count; shape++) {
      const hash = this.#hash(form[shape], tos[shape], ttl[shape], overhead[shape], payloadAt[shape]);
      let slot = spread(hash, rule[shape], extra[shape], this.#seed) & (slots.length - 1);
      while (slots[slot] !== EMPTY) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = shape;
    }
    this.#slots = slots;
  }
}

/** The hash with how the record lies. */
function spread(hash: number, rule: number, extra: number, seed: number): number {
  let all = Math.imul((extra | 0) ^ seed ^ Math.imul(Math.trunc(extra / 2 ** 32), 0x85eb_ca6b), 0x9e37_79b1);
  all = Math.imul(all ^ (all >>> 15) ^ hash ^ rule, 0xc2b2_ae35);
  return all ^ (all >>> 16);
}
