/** Packets of one file that could not be opened, by what announced their content, and how people call that. */
import { plural } from '../../../shared/format/count.ts';
import type { Frame } from '../../../shared/base/units.ts';
import type { ReadWarning, WarningCode } from '../../../shared/model/warning.ts';
import { linkTypeName } from '../decode/link-types.ts';
import {
  isEncrypted,
  NOT_OPENED_ERF_TYPE,
  NOT_OPENED_ETHERTYPE,
  NOT_OPENED_FAMILY,
  NOT_OPENED_GRE_PROTOCOL,
  NOT_OPENED_IP_PROTOCOL,
  NOT_OPENED_LINK_TYPE,
  NOT_OPENED_MPLS,
  NOT_OPENED_NLPID,
  NOT_OPENED_PPP_PROTOCOL,
  NOT_OPENED_SNAP,
  NOT_OPENED_UDP_PORT,
  NOT_OPENED_WLAN,
  NOT_OPENED_WLAN_AGGREGATE,
  notOpenedBy,
  notOpenedNumber,
} from '../decode/not-opened.ts';
import { LIMITS } from '../limits.ts';

interface Kind {
  packets: number;
  readonly first: Frame;
}

/** Bounded: kinds beyond the limit are counted together. */
export class NotOpened {
  readonly #kinds = new Map<number, Kind>();
  #others: Kind | undefined = undefined;

  /** @param key of decode/not-opened.ts */
  note(key: number, frame: Frame): void {
    const kind = this.#kinds.get(key);
    if (kind !== undefined) kind.packets++;
    else if (this.#kinds.size < LIMITS.maxNotOpenedKinds) this.#kinds.set(key, { packets: 1, first: frame });
    else if (this.#others !== undefined) this.#others.packets++;
    else this.#others = { packets: 1, first: frame };
  }

  /** A warning for each kind, the most frequent first. */
  warnings(): ReadWarning[] {
    const kinds = [...this.#kinds].sort(([, a], [, b]) => b.packets - a.packets);
    const warnings = kinds.map(([key, kind]) => warningOf(key, kind));
    if (this.#others !== undefined) {
      const what = this.#others.packets === 1 ? 'was' : 'were';
      warnings.push(warn('undecodable-tunnel', this.#others, `of further kinds ${what} not opened`));
    }
    return warnings;
  }
}

function warningOf(key: number, kind: Kind): ReadWarning {
  const isLink = notOpenedBy(key) === NOT_OPENED_LINK_TYPE;
  const code = isLink ? 'unsupported-link-type' : 'undecodable-tunnel';
  return warn(code, kind, `${notOpenedText(key)}${isLink ? '' : ` ${outcomeOf(key, kind.packets === 1)}`}`);
}

function warn(code: WarningCode, { packets, first }: Kind, what: string): ReadWarning {
  const message = `${plural(packets, 'packet')} ${what}; the first is frame ${first}`;
  return { code, message, offset: undefined, packet: first, lossy: true };
}

function outcomeOf(key: number, isOne: boolean): string {
  if (isEncrypted(key)) {
    const where =
      notOpenedBy(key) === NOT_OPENED_WLAN ? 'on the access point' : "on the tunnel's inner interface";
    return isOne
      ? `could not be opened because it is encrypted; capture where it is decrypted, as ${where}`
      : `could not be opened because they are encrypted; capture where they are decrypted, as ${where}`;
  }
  return isOne
    ? 'was not opened; TCP inside it is missing here'
    : 'were not opened; TCP inside them is missing here';
}

/** "with ethertype 0x4305 (B.A.T.M.A.N.)" */
export function notOpenedText(key: number): string {
  const number = notOpenedNumber(key);
  switch (notOpenedBy(key)) {
    case NOT_OPENED_ETHERTYPE:
      return `with ethertype ${hex(number, 4)}${named(ETHERTYPES[number])}`;
    case NOT_OPENED_IP_PROTOCOL:
      return `with IP protocol ${number}${named(IP_PROTOCOLS[number])}`;
    case NOT_OPENED_UDP_PORT:
      return `on UDP port ${number}${named(UDP_PORTS[number])}`;
    case NOT_OPENED_GRE_PROTOCOL:
      return `with GRE protocol ${hex(number, 4)}${named(GRE_PROTOCOLS[number] ?? ETHERTYPES[number])}`;
    case NOT_OPENED_PPP_PROTOCOL:
      return `with PPP protocol ${hex(number, 4)}${named(PPP_PROTOCOLS[number])}`;
    case NOT_OPENED_SNAP:
      return `with SNAP organisation code ${hex(number, 6)}`;
    case NOT_OPENED_NLPID:
      return `with frame relay protocol ${hex(number, 2)}${named(NLPIDS[number])}`;
    case NOT_OPENED_LINK_TYPE:
      return number === NO_LINK_TYPE
        ? 'of an interface that the file does not describe'
        : `of a link type that is not decoded (${linkTypeName(number)})`;
    case NOT_OPENED_ERF_TYPE:
      return `of ERF record type ${number}`;
    case NOT_OPENED_MPLS:
      return 'behind an MPLS label stack';
    case NOT_OPENED_FAMILY:
      return `of address family ${number}`;
    case NOT_OPENED_WLAN:
      return number === NOT_OPENED_WLAN_AGGREGATE
        ? 'of 802.11, of which only the first frame of several (A-MSDU) is decoded,'
        : 'of 802.11';
    default:
      return 'of an unknown kind';
  }
}

/** −1 in the bits that the key has for it. */
const NO_LINK_TYPE = 0xff_ffff;

function hex(number: number, digits: number): string {
  return `0x${number.toString(16).padStart(digits, '0')}`;
}

function named(name: string | undefined): string {
  return name === undefined ? '' : ` (${name})`;
}

type Names = Readonly<Record<number, string>>;

const ETHERTYPES: Names = {
  0x22f1: 'ROHC',
  0x4305: 'B.A.T.M.A.N. mesh',
  0x8783: 'MiNT',
  0x876b: 'compressed TCP/IP',
  0x8874: 'Broadcom tag',
  0x8896: 'Ruckus',
  0x88b5: 'local experiment',
  0x88b6: 'local experiment',
  0x88b7: 'OUI extended',
  0x88bb: 'LWAPP',
  0x88de: 'VMware Lab Manager',
  0x88e5: 'MACsec',
  0x8909: 'Cisco MetaData',
  0x890d: '802.11 in Ethernet',
  0x894f: 'NSH',
  0xd28b: 'Arista',
};
const IP_PROTOCOLS: Names = {
  50: 'ESP',
  53: 'SwIPe',
  55: 'minimal encapsulation',
  56: 'TLSP',
  97: 'EtherIP',
  98: 'ENCAP',
  99: 'private encryption',
  108: 'IPComp, compressed',
  115: 'L2TP version 3',
};
const UDP_PORTS: Names = {
  1194: 'OpenVPN',
  1701: 'L2TP',
  2152: 'GTP-U',
  3386: 'GTP version 0',
  3544: 'Teredo',
  4341: 'LISP',
  4500: 'ESP in UDP',
  4754: 'GRE in UDP',
  4755: 'GRE in UDP, DTLS',
  4789: 'VXLAN',
  4790: 'VXLAN-GPE',
  5072: 'AYIYA',
  5247: 'CAPWAP',
  6080: 'GUE',
  6081: 'Geneve',
  6635: 'MPLS in UDP',
  6636: 'MPLS in UDP, DTLS',
  8472: 'VXLAN or OTV',
  12222: 'LWAPP',
  51820: 'WireGuard',
};
const GRE_PROTOCOLS: Names = { 0x876b: 'compressed TCP/IP', 0x880b: 'PPP' };
const PPP_PROTOCOLS: Names = {
  0x0003: 'ROHC',
  0x0005: 'ROHC',
  0x002d: 'compressed TCP/IP header',
  0x002f: 'uncompressed TCP/IP header of Van Jacobson compression',
  0x003d: 'multilink',
  0x0053: 'encryption',
  0x0055: 'encryption of one link',
  0x00fb: 'compression of one link',
  0x00fd: 'compressed or encrypted',
};
const NLPIDS: Names = { 0xb0: 'compressed', 0xb1: 'fragment' };
