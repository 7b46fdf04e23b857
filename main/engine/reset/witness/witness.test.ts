/** Resets of which the kernel of the capturing machine knows: what it says settles them, what it cannot say stays open. */
import type { Milliseconds } from '../../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { analyzeBytes } from '../../../../test/support/analyze.ts';
import { writePcapng } from '../../../../test/support/capture-writer.ts';
import type { PcapngBlock } from '../../../../test/support/capture-writer.ts';
import { Conversation, DEFAULT_START_NS } from '../../../../test/support/conversation.ts';
import type { KernelBlockOptions } from '../../../../test/support/kernel-blocks.ts';
import { kernelEvent, kernelStarted } from '../../../../test/support/kernel-blocks.ts';
import type { Session } from '../../session.ts';

const SERVER = '192.0.2.80:80';
const CLIENT = '10.0.0.1:40000';
const INBOUND = 1;
const OUTBOUND = 2;
const SECOND = 1_000_000_000n;
const BEGIN = DEFAULT_START_NS - 60n * SECOND;

interface Capture {
  readonly talk: Conversation;
  /** Whose machine captured; its packets are marked as leaving it. */
  readonly on: 'client' | 'server' | 'router';
  readonly kernel: readonly PcapngBlock[];
  /** Frames (from 1) that came from outside whatever their address. */
  readonly outside?: readonly number[];
  readonly inside?: readonly number[];
}

/** Kernel blocks first: their times count, not their place. One late packet shows that the watch outlived the reset. */
function capture({ talk, on, kernel, outside = [], inside = [] }: Capture): Session {
  const own = on === 'client' ? talk.client : talk.server;
  const packets = talk.packets.map(({ timeNs, data }, i): PcapngBlock => {
    const isOwn = data.length > 33 && `${data[26]}.${data[27]}.${data[28]}.${data[29]}` === own.address;
    const leaves = on === 'router' || inside.includes(i + 1) || (isOwn && !outside.includes(i + 1));
    return { kind: 'packet', timeNs, data, direction: leaves ? OUTBOUND : INBOUND };
  });
  const blocks = [...kernel, ...packets];
  return analyzeBytes(writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] }), 'test.pcapng');
}

function later(talk: Conversation): Conversation {
  // Something unrelated, well after: nothing more of the kernel is under way.
  const other = new Conversation({ client: { port: 50_000 }, startNs: talk.nowNs + 10n * SECOND });
  talk.packets.push(...other.handshake().packets);
  return talk;
}

const STARTED = kernelStarted(BEGIN, ['192.0.2.80', '127.0.0.1']);

function sent(talk: Conversation, more: Partial<KernelBlockOptions> = {}, beforeNs = 20_000n): PcapngBlock {
  return kernelEvent({
    kind: 'sent',
    timeNs: talk.nowNs - beforeNs,
    local: SERVER,
    remote: CLIENT,
    ...more,
  });
}

function abortedByServer(): Conversation {
  return new Conversation().handshake().clientSends('GET / HTTP/1.1\r\n\r\n').rst({ from: 'server' });
}

describe('a reset that the kernel made', () => {
  it('is its own, by the process and the deed', () => {
    const talk = abortedByServer();
    const event = sent(talk, { reason: 'TCP_ABORT_ON_CLOSE', comm: 'nginx', pid: 812, inProcess: true });
    const { verdict, witness } = capture({
      talk: later(talk),
      on: 'server',
      kernel: [STARTED, event],
    }).resetDetail(0);
    expect(verdict.origin).toMatchObject({ kind: 'endpoint', side: 'server' });
    expect(verdict.origin.confidence).toBeGreaterThan(0.999);
    expect(verdict.cause).toMatchObject({ code: 'closed-with-unread-data', confidence: 0.99 });
    expect(verdict.summary).toContain('nginx[812] closed the socket with unread data');
    expect(witness).toEqual({
      word: 'sent',
      reason: 'TCP_ABORT_ON_CLOSE',
      process: { name: 'nginx', pid: 812, cgroup: null },
    });
  });

  it('stays its own against all that looks forged', () => {
    const talk = new Conversation({ server: { hops: 0 } })
      .handshake()
      .exchange(100, 5000)
      .rst({ from: 'server', ttl: 44, ipId: 4711, window: 7, options: {} })
      .serverSends(100);
    const at = talk.packets.findIndex(({ data }) => data.length > 47 && (data[47] & 4) !== 0);
    const event = sent(talk, { timeNs: talk.packets[at].timeNs - 5000n });
    const session = capture({ talk: later(talk), on: 'server', kernel: [STARTED, event] });
    expect(session.resetDetail(0).verdict.origin.kind).toBe('endpoint');
  });

  it.each([
    ['SK_RST_REASON_NO_SOCKET', 'stale-connection'],
    ['TCP_ABORT_ON_DATA', 'data-after-close'],
    ['TCP_ABORT_ON_LINGER', 'aborted'],
    ['TCP_ABORT_ON_MEMORY', 'memory-pressure'],
    ['TCP_TIMEWAIT_SOCKET', 'time-wait'],
    ['TCP_KEEPALIVE_TIMEOUT', 'keepalive-timeout'],
    ['KEEPALIVE_TIMEOUT', 'keepalive-timeout'],
    ['TCP_OLD_ACK', 'unacceptable-segment'],
  ])('for the reason %s has the cause %s', (reason, code) => {
    const talk = new Conversation()
      .handshake()
      .exchange(10, 10)
      .clientSends(10)
      .rst({ from: 'server', style: 'reply' });
    const kernel = [STARTED, sent(talk, { reason })];
    expect(capture({ talk: later(talk), on: 'server', kernel }).resetDetail(0).verdict.cause.code).toBe(code);
  });

  it('for want of a socket refuses a SYN', () => {
    const talk = new Conversation().refused();
    const kernel = [STARTED, sent(talk, { reason: 'NO_SOCKET' })];
    const { verdict } = capture({ talk: later(talk), on: 'server', kernel }).resetDetail(0);
    expect(verdict.cause).toMatchObject({ code: 'connection-refused', confidence: 0.98 });
    expect(verdict.origin.kind).toBe('endpoint');
  });

  describe.each([
    ['for want of a socket', 'NO_SOCKET'],
    ['without a reason, before Linux 6.10', undefined],
  ])('%s', (_, reason) => {
    /** One side rejects a segment and then repeats what that segment acknowledges. */
    const rejected = (by: 'client' | 'server'): Conversation => {
      const talk = new Conversation({ [by === 'client' ? 'server' : 'client']: { hops: 3, delay: 0.01 } })
        .handshake()
        .exchange(90, 700);
      const { next } = talk[by];
      const heard = by === 'client' ? talk.server.next : talk.client.next;
      if (by === 'client') talk.clientSends(60).serverSends(2000);
      else talk.serverSends(60).clientAcks().clientSends(200);
      talk.rst({ from: by, style: 'reply', after: 0.01 });
      return talk.segment(by, { seq: next, ack: heard, payload: new Uint8Array(60), after: 0.2 });
    };
    const causeOf = (by: 'client' | 'server'): string => {
      const talk = rejected(by);
      const ends = by === 'client' ? { local: CLIENT, remote: SERVER } : {};
      const own = by === 'client' ? '10.0.0.1' : '192.0.2.80';
      const kernel = [kernelStarted(BEGIN, [own]), sent(talk, { ...ends, reason }, 200_020_000n)];
      const { verdict, witness } = capture({ talk: later(talk), on: by, kernel }).resetDetail(0);
      expect(witness?.word).toBe('sent');
      expect(verdict.evidence.map(({ code }) => code)).toContain('answer-unheard');
      return verdict.cause.code;
    };

    it('rejected an untranslated segment while the client’s socket lived', () => {
      expect(causeOf('client')).toBe('translation-missing');
    });

    it('is no packet filter of the server', () => {
      expect(causeOf('server')).toBe('stale-connection');
    });
  });

  it('for a container is no decisive matter', () => {
    const talk = abortedByServer();
    const kernel = [kernelStarted(BEGIN, ['203.0.113.1']), sent(talk)];
    const { verdict, witness } = capture({ talk: later(talk), on: 'router', kernel }).resetDetail(0);
    expect(verdict.evidence.map(({ code }) => code)).toContain('kernel-sent-for-another');
    expect(witness?.word).toBe('sent');
  });
});

describe('a burst', () => {
  it('is joined in order, each reset to its own event', () => {
    const talk = new Conversation().handshake().clientSends(10);
    const kernel = [STARTED];
    for (const pid of [11, 12, 13]) {
      talk.rst({ from: 'server', after: 0.000_05 });
      kernel.push(sent(talk, { pid, inProcess: true, comm: 'x' }, 4000n));
    }
    const session = capture({ talk: later(talk), on: 'server', kernel });
    expect([0, 1, 2].map((id) => session.resetDetail(id).witness?.process?.pid)).toEqual([11, 12, 13]);
  });

  it('leaves the forged one of two without an event', () => {
    const talk = new Conversation().handshake().clientSends(10).rst({ from: 'server', ttl: 50, ipId: 9 });
    talk.wait(3).rst({ from: 'server' });
    const kernel = [STARTED, sent(talk)];
    const session = capture({ talk: later(talk), on: 'server', kernel, outside: [5] });
    expect(session.resetDetail(0).witness?.word).toBe('not-sent');
    expect(session.resetDetail(1).witness?.word).toBe('sent');
  });
});

describe('silence of the kernel', () => {
  it('proves a forgery that came in with the own address', () => {
    const talk = later(abortedByServer());
    const { verdict, witness } = capture({ talk, on: 'server', kernel: [STARTED], outside: [5] }).resetDetail(
      0,
    );
    expect(verdict.origin.kind).toBe('middlebox');
    expect(verdict.evidence[0].code).toBe('kernel-did-not-send');
    expect(witness).toEqual({ word: 'not-sent', reason: null, process: null });
    expect(verdict.next).toContain('its kernel was watched');
  });

  it('accuses no device of what left the machine: a firewall rule there', () => {
    const talk = later(abortedByServer());
    const { verdict, witness } = capture({ talk, on: 'server', kernel: [STARTED] }).resetDetail(0);
    expect(verdict.origin).toMatchObject({ kind: 'endpoint', side: 'server' });
    expect(verdict.cause.code).toBe('host-firewall-reject');
    expect(witness?.word).toBe('not-sent');
  });

  const lost = (talk: Conversation, ns: bigint): PcapngBlock =>
    kernelEvent({ kind: 'lost', timeNs: talk.nowNs + ns, detail: '7' });
  const stopped = (timeNs: bigint): PcapngBlock =>
    kernelEvent({ kind: 'stopped', timeNs, detail: 'tracing is not permitted here' });

  it.each([
    ['nobody watched', () => []],
    ['the machine has other addresses', () => [kernelStarted(BEGIN, ['10.9.9.9'])]],
    ['the watch began only then', (talk: Conversation) => [kernelStarted(talk.nowNs, ['192.0.2.80'])]],
    ['the watch ended just then', (talk: Conversation) => [STARTED, stopped(talk.nowNs + SECOND)]],
    ['events were lost soon after', (talk: Conversation) => [STARTED, lost(talk, 3n * SECOND)]],
    ['it could not be watched', () => [stopped(BEGIN)]],
  ])('proves nothing when %s', (_why, kernel) => {
    const talk = abortedByServer();
    const blocks = kernel(talk);
    const session = capture({ talk: later(talk), on: 'server', kernel: blocks, outside: [5] });
    const { verdict, witness } = session.resetDetail(0);
    expect(verdict.evidence.map(({ family }) => family)).not.toContain('kernel');
    expect(witness).toBeNull();
  });

  it('proves nothing at the end of the capture: the event may not be written yet', () => {
    const session = capture({ talk: abortedByServer(), on: 'server', kernel: [STARTED], outside: [5] });
    expect(session.resetDetail(0).witness).toBeNull();
  });

  it('proves nothing of the same packet handed back by a switch', () => {
    const talk = abortedByServer().capturedTwice(0.006);
    const kernel = [STARTED, sent(talk, {}, 6_020_000n)];
    const session = capture({ talk: later(talk), on: 'server', kernel, outside: [6] });
    expect(session.resetDetail(1).verdict.origin.kind).toBe('endpoint');
  });

  it('says that it was asked for and could not be heard, and only then', () => {
    const limits = (kernel: PcapngBlock[]) =>
      capture({ talk: later(abortedByServer()), on: 'server', kernel })
        .resetDetail(0)
        .verdict.limitations.join();
    expect(limits([stopped(BEGIN)])).toContain('tracing is not permitted here');
    expect(limits([])).not.toContain('kernel');
    expect(limits([STARTED])).not.toContain('could not be heard');
  });

  it('is of one machine: another capture opened beside it is not judged by it', () => {
    const talk = later(abortedByServer());
    const session = capture({ talk: new Conversation().handshake(), on: 'server', kernel: [STARTED] });
    session.startFile('other.pcapng', 'none', false);
    const blocks = talk.packets.map(({ timeNs, data }): PcapngBlock => ({
      kind: 'packet',
      timeNs,
      data,
      direction: INBOUND,
    }));
    session.feed(writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] }));
    session.endFile(true);
    session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
    expect(session.resetDetail(0).witness).toBeNull();
  });
});

describe('a reset that came to this machine', () => {
  const received = (talk: Conversation): PcapngBlock =>
    kernelEvent({
      kind: 'received',
      timeNs: talk.nowNs + 30_000n,
      local: SERVER,
      remote: CLIENT,
      comm: 'ksoftirqd/0',
    });
  const fromClient = (): Conversation =>
    new Conversation().handshake().exchange(10, 10).rst({ from: 'client' });

  it('was obeyed when the kernel took it', () => {
    const talk = fromClient();
    const kernel = [STARTED, received(talk)];
    const { verdict, witness } = capture({ talk: later(talk), on: 'server', kernel }).resetDetail(0);
    expect([verdict.obeyed, witness?.word]).toEqual(['yes', 'received']);
    expect(verdict.evidence.map(({ family }) => family)).not.toContain('kernel');
  });

  it('was ignored when it did not', () => {
    const talk = later(fromClient());
    expect(capture({ talk, on: 'server', kernel: [STARTED] }).resetDetail(0).verdict.obeyed).toBe('ignored');
  });

  it('is left to the numbers where nobody watched', () => {
    const talk = later(fromClient());
    expect(capture({ talk, on: 'server', kernel: [] }).resetDetail(0).verdict.obeyed).toBe('yes');
  });
});

describe('owners of sockets', () => {
  const owner = (local: string, remote: string, comm: string): PcapngBlock =>
    kernelEvent({ kind: 'owner', timeNs: BEGIN, local, remote, comm, pid: 5, detail: '/a.slice' });

  it('are named at their ends, listening sockets too, and never at a foreign end', () => {
    const talk = later(abortedByServer());
    const connected = owner(CLIENT, SERVER, 'curl');
    const listening = owner('0.0.0.0:80', '0.0.0.0:0', 'nginx');
    const ours = capture({ talk, on: 'server', kernel: [STARTED, connected, listening] }).resetDetail(0);
    expect(ours.owners).toEqual({
      client: { name: 'curl', pid: 5, cgroup: '/a.slice' },
      server: { name: 'nginx', pid: 5, cgroup: '/a.slice' },
    });
    const foreign = [kernelStarted(BEGIN, ['10.0.0.1']), listening];
    expect(capture({ talk, on: 'client', kernel: foreign }).resetDetail(0).owners.server).toBeNull();
  });
});
