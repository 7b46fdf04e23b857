/**
 * Keys by which rows of several hosts are known to be of one connection, or of one reset: keyed hashes, so that they say nothing to who
 * has not the key. The engine has no cryptography of its own: the host gives the hash.
 */
import { seqUnsigned } from '../../../shared/base/seq.ts';

/**
 * The first 64 bits, signed, of a keyed hash over label and data.
 * @param data is not kept
 */
export type KeyedHash = (label: KeyLabel, data: Uint8Array) => bigint;

/** Keeps the kinds of keys apart: the same number under two labels has two keys that nobody can tell to be related. */
export type KeyLabel = 'match' | 'isn' | 'server-isn' | 'reset';

/** One end of a connection: four words of its address, of which IPv4 takes the first, and its port. */
export interface KeyedEnd {
  readonly words: ArrayLike<number>;
  readonly port: number;
}

const END_BYTES = 18;
/** RFC 4291 §2.5.5.2: an IPv4 address among IPv6 ones, so that both have one form. */
const MAPPED = 0xffff;

export class FleetKeys {
  readonly #hash: KeyedHash;
  readonly #match = new DataView(new ArrayBuffer(2 * END_BYTES + 4));
  readonly #number = new DataView(new ArrayBuffer(4));
  readonly #reset = new DataView(new ArrayBuffer(5));

  constructor(hash: KeyedHash) {
    this.#hash = hash;
  }

  /** Of both ends and the client's initial sequence number. */
  match(ipVersion: number, client: KeyedEnd, server: KeyedEnd, clientIsn: number): bigint {
    const view = this.#match;
    putEnd(view, 0, ipVersion, client);
    putEnd(view, END_BYTES, ipVersion, server);
    view.setUint32(2 * END_BYTES, seqUnsigned(clientIsn));
    return this.#hash('match', bytesOf(view));
  }

  isn(clientIsn: number): bigint {
    return this.#ofNumber('isn', clientIsn);
  }

  serverIsn(serverIsn: number): bigint {
    return this.#ofNumber('server-isn', serverIsn);
  }

  /** Of a reset. @param claimed 0 where it carries the client's address, 1 the server's @param seq as on the wire */
  reset(claimed: 0 | 1, seq: number): bigint {
    this.#reset.setUint8(0, claimed);
    this.#reset.setUint32(1, seqUnsigned(seq));
    return this.#hash('reset', bytesOf(this.#reset));
  }

  #ofNumber(label: KeyLabel, number: number): bigint {
    this.#number.setUint32(0, seqUnsigned(number));
    return this.#hash(label, bytesOf(this.#number));
  }
}

function putEnd(view: DataView, at: number, ipVersion: number, { words, port }: KeyedEnd): void {
  for (let i = 0; i < 4; i++) {
    const word = ipVersion === 4 ? [0, 0, MAPPED, words[0]][i] : words[i];
    view.setUint32(at + 4 * i, word >>> 0);
  }
  view.setUint16(at + 16, port);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer);
}
