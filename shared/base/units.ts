/**
 * Numbers that must not be mixed up. Each is a plain number at run time; the type alone tells them apart. A branded number goes
 * wherever a number does, a number becomes a branded one only by a cast: at the clocks, in the stores' accessors, and where numbers
 * come out of typed arrays or out of the page's questions.
 */
declare const meaning: unique symbol;
type Branded<Name extends string> = number & { readonly [meaning]: Name };

/** A time since the clock's epoch, or a span of time. */
export type Nanoseconds = Branded<'nanoseconds'>;

/** A time of a clock that never steps, or a span of time: what waits, budgets and deadlines of the program itself are in. */
export type Milliseconds = Branded<'milliseconds'>;

/** Number of a packet in the analysis, from 0, in capture order; not dense (see PacketIndex). */
export type PacketNumber = Branded<'packet number'>;

/** Number of a packet in its file, from 1, as Wireshark counts. */
export type Frame = Branded<'frame'>;

/** By which the engine knows a flow: the index of its record. Of an endless capture records are used again. */
export type FlowRecord = Branded<'flow record'>;

/** By which everybody else knows a flow: never used again. */
export type FlowId = Branded<'flow id'>;

/** A TCP sequence number, signed or unsigned (see seq.ts). */
export type SeqNumber = Branded<'sequence number'>;
