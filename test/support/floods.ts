/** Floods as bytes of a capture file: raw IP, microseconds, made without an object for each packet so that there may be many. */
import { ByteWriter } from './byte-writer.ts';

const LINKTYPE_RAW = 101;
const PROTOCOL_ICMP = 1;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

const CLIENT = 0x0a00_0001;
const SERVER = 0x0a00_0002;
const ROUTER = 0x0a00_00fe;

interface Datagram {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly id?: number;
  /** Flags and offset of the fragment. */
  readonly fragment?: number;
}

interface Segment {
  readonly source: number;
  readonly sourcePort: number;
  readonly destination: number;
  readonly destinationPort: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack?: number;
  readonly payload?: number;
}

export class FloodWriter {
  readonly #out = new ByteWriter(true);
  #micros = 0;
  #id = 0;

  constructor() {
    this.#out.u32(0xa1b2_c3d4).u16(2).u16(4).u32(0).u32(0).u32(262_144).u32(LINKTYPE_RAW);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#out.finish();
  }

  wait(micros: number): this {
    this.#micros += micros;
    return this;
  }

  /** An IPv4 header, and its payload as `write` has it. */
  datagram(
    { source, destination, protocol, id, fragment = 0x4000 }: Datagram,
    length: number,
    write: () => void,
  ): this {
    this.wait(50);
    const out = this.#out;
    out.u32(1_700_000_000 + Math.floor(this.#micros / 1e6)).u32(this.#micros % 1e6);
    out.u32(20 + length).u32(20 + length);
    this.#header({ source, destination, protocol, id: id ?? ++this.#id, fragment }, length);
    write();
    return this;
  }

  #header({ source, destination, protocol, id = 0, fragment = 0 }: Datagram, length: number): void {
    this.#out
      .u8(0x45)
      .u8(0)
      .u16(20 + length);
    this.#out
      .u16(id & 0xffff)
      .u16(fragment)
      .u8(64)
      .u8(protocol)
      .u16(0);
    this.#out.u32(source >>> 0).u32(destination >>> 0);
  }

  tcp({ source, sourcePort, destination, destinationPort, flags, seq, ack = 0, payload = 0 }: Segment): this {
    return this.datagram({ source, destination, protocol: PROTOCOL_TCP }, 20 + payload, () => {
      this.#out
        .u16(sourcePort)
        .u16(destinationPort)
        .u32(seq >>> 0)
        .u32(ack >>> 0);
      this.#out.u8(0x50).u8(flags).u16(64_000).u32(0);
      this.#out.raw(new Uint8Array(payload).fill(65));
    });
  }

  /** A segment between CLIENT and SERVER. */
  fromClient(flags: number, seq: number, ack: number, port = 40_000, payload = 0): this {
    const ends = { source: CLIENT, sourcePort: port, destination: SERVER, destinationPort: 80 };
    return this.tcp({ ...ends, flags, seq, ack, payload });
  }

  fromServer(flags: number, seq: number, ack: number, port = 40_000): this {
    const ends = { source: SERVER, sourcePort: 80, destination: CLIENT, destinationPort: port };
    return this.tcp({ ...ends, flags, seq, ack });
  }

  handshake(port = 40_000, seq = 1000, answer = 5000): this {
    this.fromClient(SYN, seq, 0, port).wait(1000);
    this.fromServer(SYN | ACK, answer, seq + 1, port).wait(1000);
    return this.fromClient(ACK, seq + 1, answer + 1, port);
  }

  /** A host unreachable of the router that quotes a segment of CLIENT. */
  unreachable(port = 40_000): this {
    return this.datagram({ source: ROUTER, destination: CLIENT, protocol: PROTOCOL_ICMP }, 36, () => {
      this.#out.u8(3).u8(1).u16(0).u32(0);
      this.#header({ source: CLIENT, destination: SERVER, protocol: PROTOCOL_TCP }, 20);
      this.#out.u16(port).u16(80).u32(1001);
    });
  }

  /** A DNS message about `name`; an answer has one address. */
  dns(name: string, port: number, isAnswer: boolean): this {
    const length = 12 + name.length + 2 + 4 + (isAnswer ? 16 : 0);
    const ends = isAnswer
      ? { source: SERVER, destination: CLIENT, protocol: PROTOCOL_UDP }
      : { source: CLIENT, destination: SERVER, protocol: PROTOCOL_UDP };
    return this.datagram(ends, 8 + length, () => {
      const out = this.#out;
      out
        .u16(isAnswer ? 53 : port)
        .u16(isAnswer ? port : 53)
        .u16(8 + length)
        .u16(0);
      out
        .u16(port)
        .u16(isAnswer ? 0x8180 : 0x0100)
        .u16(1)
        .u16(isAnswer ? 1 : 0)
        .u32(0);
      out.u8(name.length).raw(new TextEncoder().encode(name)).u8(0).u16(1).u16(1);
      if (isAnswer)
        out
          .u16(0xc00c)
          .u16(1)
          .u16(1)
          .u32(60)
          .u16(4)
          .u32(0x0a01_0000 + port);
    });
  }

  /** A fragment of a datagram of UDP. @param offset in units of eight bytes */
  fragment(id: number, offset: number, source = CLIENT): this {
    const what = { source, destination: SERVER, protocol: PROTOCOL_UDP, id, fragment: 0x2000 | offset };
    return this.datagram(what, 48, () => {
      this.#out.raw(new Uint8Array(48));
    });
  }
}

/** A flood of about `count` packets of one kind. */
type Flood = (flood: FloodWriter, count: number) => void;

function times(count: number, make: (i: number) => void): void {
  for (let i = 0; i < count; i++) make(i);
}

const spoofed = (i: number): number => 0x0b00_0000 + i * 7;
const anyPort = (i: number): number => 1024 + ((i * 13) % 60_000);

export const FLOODS: Readonly<Record<string, Flood>> = {
  'resets of one flow': (flood, count) => {
    flood.handshake();
    times(count, () => flood.fromServer(RST, 5001, 0));
  },
  'resets of one flow from both sides, with data between them': (flood, count) => {
    flood.handshake();
    times(count, (i) => {
      if (i % 3 === 0) flood.fromClient(ACK, 1001 + i * 10, 5001, 40_000, 10);
      else if (i % 3 === 1) flood.fromServer(RST, 5001, 0);
      else flood.fromClient(RST | ACK, 1001, 5001);
    });
  },
  'aborts that answer each other in a loop': (flood, count) => {
    flood.handshake();
    times(count, (i) => {
      if (i % 2 === 0) flood.fromClient(ACK, 1001, 5001);
      else flood.fromServer(RST | ACK, 5001, 1001);
    });
  },
  'resets of ten flows in turn': (flood, count) => {
    times(10, (i) => flood.handshake(40_000 + i));
    times(count, (i) => flood.fromServer(RST, 5001 + i, 0, 40_000 + (i % 10)));
  },
  'resets with forged addresses': (flood, count) => {
    times(count, (i) => {
      const ends = { source: spoofed(i), sourcePort: anyPort(i), destination: SERVER, destinationPort: 80 };
      flood.tcp({ ...ends, flags: RST, seq: i * 977 });
    });
  },
  'SYNs that nobody answers': (flood, count) => {
    times(count, (i) => {
      const ends = {
        source: spoofed(i >> 4),
        sourcePort: anyPort(i),
        destination: SERVER,
        destinationPort: 80,
      };
      flood.tcp({ ...ends, flags: SYN, seq: i * 977 });
    });
  },
  'a scan of ports that are closed': (flood, count) => {
    times(count / 2, (i) => {
      const host = SERVER + (i % 16);
      const port = 1 + Math.floor(i / 16);
      const there = { source: CLIENT, sourcePort: 50_000, destination: host, destinationPort: port };
      const back = { source: host, sourcePort: port, destination: CLIENT, destinationPort: 50_000 };
      flood.tcp({ ...there, flags: SYN, seq: i * 31 });
      flood.tcp({ ...back, flags: RST | ACK, seq: 0, ack: i * 31 + 1 });
    });
  },
  'ICMP errors about one flow': (flood, count) => {
    flood.handshake();
    times(count, () => flood.unreachable());
  },
  'ICMP errors about no flow': (flood, count) => {
    times(count, (i) => flood.unreachable(anyPort(i)));
  },
  'DNS answers': (flood, count) => {
    times(count, (i) => flood.dns(`h${String(i).padStart(9, 'x')}`, anyPort(i), true));
  },
  'DNS questions that nobody answers': (flood, count) => {
    times(count, (i) => flood.dns(`h${String(i).padStart(9, 'x')}`, 1024 + (i % 60), false));
  },
  'first fragments of datagrams that never come whole': (flood, count) => {
    times(count, (i) => flood.fragment(i, 0, spoofed(i)));
  },
  'fragments that overlap': (flood, count) => {
    times(count, (i) => flood.fragment(7, (i * 5) % 8000));
  },
  'one long flow with resets all along': (flood, count) => {
    flood.handshake();
    const every = Math.floor(count / 200);
    times(count, (i) => {
      if (i % every === every - 1) flood.fromServer(RST, 5001, 0);
      else flood.fromClient(ACK, 1001 + i * 10, 5001, 40_000, 10);
    });
  },
  'two long flows with resets in turn': (flood, count) => {
    flood.handshake(40_000).handshake(40_001);
    const every = 2 * Math.floor(count / 200);
    times(count, (i) => {
      const port = 40_000 + (i % 2);
      if (i % every >= every - 2) flood.fromServer(RST, 5001, 0, port);
      else flood.fromClient(ACK, 1001 + i * 10, 5001, port, 10);
    });
  },
  'one segment again and again': (flood, count) => {
    flood.handshake();
    times(count, () => flood.fromClient(ACK, 1001, 5001, 40_000, 100));
  },
  'connections on the same ports again and again': (flood, count) => {
    times(count / 5, (i) => {
      const seq = 1000 + i * 70_000;
      flood.handshake(40_000, seq).fromClient(ACK, seq + 1, 5001, 40_000, 100);
      flood.fromServer(RST | ACK, 5001, seq + 101);
    });
  },
  'SYNs on the same ports again and again': (flood, count) => {
    times(count, (i) => flood.fromClient(SYN, 1000 + i * 70_000, 0));
  },
  'connections that are refused': (flood, count) => {
    times(count / 2, (i) => {
      flood.fromClient(SYN, i * 31, 0, anyPort(i)).fromServer(RST | ACK, 0, i * 31 + 1, anyPort(i));
    });
  },
  'connections that are closed': (flood, count) => {
    times(count / 5, (i) => {
      flood.handshake(anyPort(i), i * 31, i * 17).fromClient(FIN | ACK, i * 31 + 1, i * 17 + 1, anyPort(i));
      flood.fromServer(FIN | ACK, i * 17 + 1, i * 31 + 2, anyPort(i));
    });
  },
};

/** The capture file of a flood. */
export function floodOf(kind: string, count: number): Uint8Array<ArrayBuffer> {
  const flood = new FloodWriter();
  FLOODS[kind](flood, count);
  // What comes long after it shows that nothing of it was answered late.
  return flood.wait(10_000_000).handshake(39_999).finish();
}
