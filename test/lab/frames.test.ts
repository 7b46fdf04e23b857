import { describe, expect, it } from 'vitest';
import { writePcap } from '../support/capture-writer.ts';
import { ACK, LINK_COOKED, LINK_ETHERNET, LINK_RAW, parseSegment, readPcap, RST } from './frames.ts';
import { parseTraceLine } from './trace.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

const TCP_RESET = '0050 9c40 000003e8 000001f4 5014 0000 0000 0000';
const IPV4 = `4500 0028 0007 4000 3f06 0000 0a010202 0a010001 ${TCP_RESET}`;
const IPV6_HEAD =
  '6003 61e3 001c 00 3e fd00 0001 0002 0000 0000 0000 0000 0002 fd00 0001 0000 0000 0000 0000 0000 0001';
/** Eight bytes of destination options before TCP. */
const IPV6 = IPV6_HEAD.replace('001c 00 3e', '001c 3c 3e') + `06 00 0104 0000 0000 ${TCP_RESET}`;
const MACS = '020000000001 020000000002';

describe('parseSegment', () => {
  const expected = { sourcePort: 80, targetPort: 40_000, seq: 1000, ack: 500, flags: RST | ACK, length: 0 };

  it('reads TCP over IPv4 on Ethernet, with and without a VLAN tag', () => {
    const v4 = { ...expected, source: '10.1.2.2', target: '10.1.0.1', ttl: 63, id: 7 };
    expect(parseSegment(hex(`${MACS} 0800 ${IPV4}`), LINK_ETHERNET)).toMatchObject(v4);
    expect(parseSegment(hex(`${MACS} 8100 0064 0800 ${IPV4}`), LINK_ETHERNET)).toMatchObject(v4);
    expect(parseSegment(hex(IPV4), LINK_RAW)).toMatchObject(v4);
  });

  it('reads TCP behind IPv6 extension headers', () => {
    expect(parseSegment(hex(`${MACS} 86dd ${IPV6}`), LINK_ETHERNET)).toMatchObject({
      ...expected,
      source: 'fd00:1:2::2',
      target: 'fd00:1::1',
      ttl: 62,
      id: 0x361e3,
    });
  });

  it('knows from cooked frames which packets the host sent itself', () => {
    const cooked = (type: string): Uint8Array =>
      hex(`0800 0000 00000003 0001 ${type} 06 0200000000020000 ${IPV4}`);
    expect(parseSegment(cooked('04'), LINK_COOKED)).toMatchObject({ ...expected, fromThisHost: true });
    expect(parseSegment(cooked('00'), LINK_COOKED)).toMatchObject({ fromThisHost: false });
  });

  it('gives an ICMP error the ports of the packet it quotes, and no flags', () => {
    const quoted = IPV4.slice(0, IPV4.length - TCP_RESET.length) + TCP_RESET.slice(0, 18);
    const error = `4500 0038 0001 0000 4001 0000 0a010001 0a010202 0303 0000 0000 0000 ${quoted}`;
    expect(parseSegment(hex(`${MACS} 0800 ${error}`), LINK_ETHERNET)).toMatchObject({
      source: '10.1.0.1',
      sourcePort: 80,
      targetPort: 40_000,
      flags: -1,
    });
  });

  it('says null for what is cut, and for what has no ports', () => {
    expect(parseSegment(hex(`${MACS} 0800 ${IPV4}`).subarray(0, 36), LINK_ETHERNET)).toBeNull();
    expect(parseSegment(hex(`${MACS} 0806 0001 0800 0604 0001`), LINK_ETHERNET)).toBeNull();
  });
});

describe('readPcap', () => {
  it('keeps whole records and drops a cut last one', () => {
    const packets = [1n, 2n].map((n) => ({ timeNs: n * 1_000_000_007n, data: hex(IPV4) }));
    const file = writePcap({ packets, nanos: true });
    expect(readPcap(file).frames.map((f) => f.timeNs)).toEqual([1_000_000_007n, 2_000_000_014n]);
    expect(readPcap(file.subarray(0, file.length - 1)).frames).toHaveLength(1);
    expect(() => readPcap(hex('0102'))).toThrow('not a pcap file');
  });
});

describe('parseTraceLine', () => {
  it('reads who sent a reset, and why', () => {
    const line =
      '          <idle>-0       [001] ..s2.  1795254141.507521: tcp_send_reset: skbaddr=00000000 skaddr=00000000 ' +
      'src=[fd00:1:2::2]:10000 dest=[fd00:1::1]:33476 state=UNKNOWN reason=NO_SOCKET';
    expect(parseTraceLine(line)).toEqual({
      timeNs: 1_795_254_141_507_521_000n,
      kind: 'sent',
      local: 'fd00:1:2::2',
      localPort: 10_000,
      remote: 'fd00:1::1',
      remotePort: 33_476,
      reason: 'NO_SOCKET',
      state: '',
    });
  });

  it('reads who gave a connection up', () => {
    const line =
      ' python3-17049   [001] .....  3040.115434: tcp_receive_reset: family=AF_INET sport=59090 dport=9 ' +
      'saddr=10.1.0.1 daddr=10.1.2.2 saddrv6=::ffff:10.1.0.1 daddrv6=::ffff:10.1.2.2 sock_cookie=1006';
    expect(parseTraceLine(line)).toMatchObject({
      kind: 'received',
      local: '10.1.0.1',
      localPort: 59_090,
      remote: '10.1.2.2',
      remotePort: 9,
    });
    expect(parseTraceLine('# tracer: nop')).toBeNull();
  });
});
