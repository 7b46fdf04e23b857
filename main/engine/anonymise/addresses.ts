/** Addresses and what replaces them: the same for the same, in all captures that are written with one key. */
import type { CaseCipher } from './case-cipher.ts';
import { CryptoPan } from './crypto-pan.ts';
import type { Counts } from './counts.ts';
import { stayingBits } from './special-addresses.ts';

/** Addresses of each kind that are remembered; beyond, all are forgotten and made anew, alike. */
const MOST_REMEMBERED = 65_536;

const IPV4_LENGTH = 4;
const IPV6_LENGTH = 16;
const MAC_LENGTH = 6;

/** What of a link-layer address says what it is (IEEE 802 §8.2): group, and administered locally. */
const MAC_KIND_BITS = 0x03;
const GROUP_BIT = 0x01;

export class AddressBook {
  readonly #cipher: CaseCipher;
  readonly #counts: Counts;
  readonly #pan: CryptoPan;
  readonly #ipv4 = new Map<number, number>();
  readonly #ipv6 = new Map<string, Uint8Array>();
  readonly #macs = new Map<number, Uint8Array>();

  constructor(cipher: CaseCipher, counts: Counts) {
    this.#cipher = cipher;
    this.#counts = counts;
    this.#pan = new CryptoPan(cipher);
  }

  /** Writes what replaces the IPv4 address at `from[at]` to `to[at]`. */
  ipv4(from: Uint8Array, at: number, to: Uint8Array, toAt = at): void {
    const key = ((from[at] << 24) | (from[at + 1] << 16) | (from[at + 2] << 8) | from[at + 3]) >>> 0;
    let value = this.#ipv4.get(key);
    if (value === undefined) {
      const address = from.slice(at, at + IPV4_LENGTH);
      const made = this.#pan.anonymise(address, stayingBits(address));
      value = ((made[0] << 24) | (made[1] << 16) | (made[2] << 8) | made[3]) >>> 0;
      remember(this.#ipv4, key, value);
      this.#counts.add('IPv4 addresses');
    }
    to[toAt] = value >>> 24;
    to[toAt + 1] = value >>> 16;
    to[toAt + 2] = value >>> 8;
    to[toAt + 3] = value;
  }

  /** The same for IPv6. */
  ipv6(from: Uint8Array, at: number, to: Uint8Array, toAt = at): void {
    const address = from.subarray(at, at + IPV6_LENGTH);
    const key = String.fromCharCode(...address);
    let made = this.#ipv6.get(key);
    if (made === undefined) {
      made = this.#makeIpv6(address);
      remember(this.#ipv6, key, made);
      this.#counts.add('IPv6 addresses');
    }
    to.set(made, toAt);
  }

  #makeIpv6(address: Uint8Array): Uint8Array {
    const made = this.#pan.anonymise(address, stayingBits(address));
    const upper = (address[0] << 8) | address[1];
    const isMapped = upper === 0 && address[10] === 0xff && address[11] === 0xff;
    const isTranslated = upper === 0x0064 && address[2] === 0xff && address[3] === 0x9b;
    // The same IPv4 address is replaced by the same wherever it stands.
    if (
      (isMapped && address.subarray(2, 10).every((byte) => byte === 0)) ||
      isTranslated ||
      isCompatible(address)
    ) {
      if (isMapped) made.set(address.subarray(0, 12));
      this.ipv4(address, 12, made);
    } else if (upper === 0x2002) {
      this.ipv4(address, 2, made);
    } else if (upper === 0x2001 && address[2] === 0 && address[3] === 0) {
      this.#teredo(address, made);
    }
    return made;
  }

  /** RFC 4380 §4: prefix, server, flags, port and client; the last two with all bits turned. */
  #teredo(address: Uint8Array, made: Uint8Array): void {
    made.set(address);
    this.ipv4(address, 4, made);
    const client = address.slice(12, 16).map((byte) => byte ^ 0xff);
    this.ipv4(client, 0, client);
    for (let i = 0; i < 4; i++) made[12 + i] = client[i] ^ 0xff;
  }

  /**
   * The same for a link-layer address of six bytes. The vendor's part goes, too: it tells what machines somebody has. Group addresses
   * of protocols, virtual routers and zeros stay.
   */
  mac(from: Uint8Array, at: number, to: Uint8Array, toAt = at): void {
    const upper = (from[at] << 16) | (from[at + 1] << 8) | from[at + 2];
    const lower = (from[at + 3] << 16) | (from[at + 4] << 8) | from[at + 5];
    if (staysAsMac(upper, lower)) {
      to.set(from.subarray(at, at + MAC_LENGTH), toAt);
      return;
    }
    const key = upper * 0x100_0000 + lower;
    let made = this.#macs.get(key);
    if (made === undefined) {
      made = this.#makeMac(from.subarray(at, at + MAC_LENGTH));
      remember(this.#macs, key, made);
      this.#counts.add('link-layer addresses');
    }
    to.set(made, toAt);
  }

  #makeMac(address: Uint8Array): Uint8Array {
    const message = new Uint8Array(2 + MAC_LENGTH);
    message.set([0x6d, 0x61]);
    message.set(address, 2);
    const made = this.#cipher.mac(message).slice(0, MAC_LENGTH);
    // A group's address says for which protocol it is in its upper half; the lower one holds bits of an IP address.
    if ((address[0] & GROUP_BIT) !== 0) made.set(address.subarray(0, isIpv6Group(address) ? 2 : 3));
    else made[0] = (made[0] & ~MAC_KIND_BITS) | (address[0] & MAC_KIND_BITS);
    return made;
  }
}

/** RFC 4291 §2.5.5.1: an IPv4 address behind zeros; `::`, `::1` and their likes are none. */
function isCompatible(address: Uint8Array): boolean {
  return address.subarray(0, 12).every((byte) => byte === 0) && (address[12] | address[13]) !== 0;
}

function isIpv6Group(address: Uint8Array): boolean {
  return address[0] === 0x33 && address[1] === 0x33;
}

const IANA_GROUPS = 0x01005e;
const IANA_VIRTUAL = 0x00005e;
const IEEE_GROUPS = 0x0180c2;
const CISCO_GROUPS = 0x01000c;
const IPV6_GROUPS = 0x3333;

function staysAsMac(upper: number, lower: number): boolean {
  if (upper === 0 && lower === 0) return true;
  if (upper === 0xffffff && lower === 0xffffff) return true;
  if (upper === IEEE_GROUPS || upper === CISCO_GROUPS) return true;
  // VRRP and CARP (RFC 9568 §7.3): the last byte is the number of the virtual router.
  if (upper === IANA_VIRTUAL && lower >>> 16 === 0) return true;
  // Groups of 224.0.0.0/23, and of SSDP.
  if (upper === IANA_GROUPS) return lower <= 0x1ff || lower === 0x7ffffa;
  // Groups of protocols (RFC 2464 §7): numbers of 17 bits, as in special-addresses.ts.
  return upper >>> 8 === IPV6_GROUPS && (upper & 0xff) === 0 && lower <= 0x1ffff;
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  if (map.size >= MOST_REMEMBERED) map.clear();
  map.set(key, value);
}
