/** What somebody is told to do when a program ended the connection: with the names and numbers of the case. */
import { describe, expect, it } from 'vitest';
import { analyzeBytes } from '../../../../../test/support/analyze.ts';
import { judge, judgeFirst } from '../../../../../test/support/capture-fixture.ts';
import { writePcapng } from '../../../../../test/support/capture-writer.ts';
import type { PcapngBlock } from '../../../../../test/support/capture-writer.ts';
import { Conversation, DEFAULT_START_NS } from '../../../../../test/support/conversation.ts';
import { kernelEvent, kernelStarted } from '../../../../../test/support/kernel-blocks.ts';

const AT = '2023-11-14 22:13:20 UTC';
const GET = 'GET /orders?page=2 HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: x\r\n\r\n';
const POST = 'POST /up HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 90000\r\n\r\n';

const ends = { server: { address: '192.0.2.80', port: 8443, hops: 4, delay: 0.01 } } as const;
const talk = (): Conversation => new Conversation(ends).handshake();
const next = (made: Conversation): string => judgeFirst(made).next;

/** A ClientHello that asks for shop.example. */
function clientHello(): Uint8Array {
  const name = new TextEncoder().encode('shop.example');
  const sni = [0, 0, 0, name.length + 5, 0, name.length + 3, 0, 0, name.length, ...name];
  const body = [3, 3, ...new Array<number>(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0, 0, sni.length, ...sni];
  return new Uint8Array([0x16, 3, 1, 0, body.length + 4, 1, 0, 0, body.length, ...body]);
}

function alert(description: number): Uint8Array {
  return new Uint8Array([0x15, 3, 3, 0, 2, 2, description]);
}

describe('a program that aborted', () => {
  it('is nothing to do where all was answered, and how to close politely', () => {
    const text = next(talk().exchange(100, 100).rst({ from: 'server' }));
    expect(text).toMatch(/^Nothing to do: what was asked had been answered when the server 192\.0\.2\.80/);
    expect(text).toContain(AT);
    expect(text).toContain('resetAndDestroy()');
  });

  it('is nothing to do where a client only looked whether the port answers', () => {
    expect(next(talk().rst({ from: 'client' }))).toMatch(/^Nothing to do: the client \S+ opened/);
  });

  it('is asked for in the log of the server’s port, with the request that has no answer', () => {
    const text = next(talk().clientSends(GET).rst({ from: 'client', after: 3.02 }));
    expect(text).toMatch(/^The client 10\.0\.0\.1 gave up 3 s after GET \/orders\?page=2 of shop\.example/);
    expect(text).toContain('A timeout of 3 s is set in its program, perhaps');
  });

  it('names no timeout where the wait is no round number', () => {
    const text = next(talk().clientSends(GET).rst({ from: 'client', after: 3.41 }));
    expect(text).not.toContain('timeout of');
    expect(text).toContain('Ask there which program did');
  });

  it('tells of a server that accepts and drops at once', () => {
    const text = next(talk().rst({ from: 'server', after: 0.4 }));
    expect(text).toMatch(/^Look in the log of the program on port 8443 at /);
    expect(text).toContain('sshd MaxStartups');
  });

  it('counts what was under way', () => {
    const text = next(talk().exchange(50, 50).serverSends(1400).rst({ from: 'server' }));
    expect(text).toContain('1.4 kB of the server not acknowledged');
  });

  it('says nothing of answers where only one direction was captured', () => {
    const made = talk().clientSends(GET).rst({ from: 'client', after: 1 });
    const sent = made.packets.filter(({ data }) => data[26] === 10);
    made.packets.splice(0, made.packets.length, ...sent);
    const text = next(made);
    expect(text).not.toContain('without an answer');
    expect(text).toContain('Only one direction was captured');
  });

  it('after both have begun to close is no loss', () => {
    const text = next(talk().exchange(50, 50).clientCloses().rst({ from: 'server', after: 0.2 }));
    expect(text).toMatch(/^Nothing to do: the connection was being closed when the server/);
  });

  it('is named by the kernel where that was heard', () => {
    const made = talk().exchange(50, 50).rst({ from: 'server', after: 1 });
    const blocks: PcapngBlock[] = [
      kernelStarted(DEFAULT_START_NS - 60_000_000_000n, ['192.0.2.80']),
      kernelEvent({
        kind: 'sent',
        timeNs: made.nowNs - 20_000n,
        local: '192.0.2.80:8443',
        remote: '10.0.0.1:40000',
        reason: 'TCP_ABORT_ON_LINGER',
        comm: 'haproxy',
        pid: 4711,
        inProcess: true,
      }),
      ...made.packets.map(({ timeNs, data }): PcapngBlock => {
        const leaves = data[26] === 192;
        return { kind: 'packet', timeNs, data, direction: leaves ? 2 : 1 };
      }),
    ];
    const file = writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] });
    const { verdict } = analyzeBytes(file, 'test.pcapng').resetDetail(0);
    expect(verdict.cause.code).toBe('aborted');
    expect(verdict.next).toMatch(/^Look in the log of haproxy\[4711\] on the server 192\.0\.2\.80 at /);
    expect(verdict.next).toContain('journalctl _PID=4711 --since "2023-11-14 22:13:21 UTC"');
  });

  it('is no advice where it cannot be told who made the reset', () => {
    const thin = new Conversation({ server: { ...ends.server, timestamps: false } }).handshake();
    const verdict = judgeFirst(thin.clientSends(10).rst({ from: 'server', ttl: 61, options: {} }));
    expect(verdict.origin.kind).toBe('unknown');
    expect(verdict.next).toMatch(/[Cc]apture/);
  });
});

describe('a program that ended', () => {
  const served = (count: number, isBusy: boolean): Conversation[] =>
    Array.from({ length: count }, (_, n) => {
      const one = new Conversation({ ...ends, client: { port: 41_000 + n } }).handshake().exchange(50, 50);
      return (isBusy ? one.clientSends(700) : one).rst({ from: 'server', after: isBusy ? 0.02 : 0.05 });
    });

  it('is looked for on the server, with how many connections it had', () => {
    for (const { next: text, cause } of judge(...served(5, true))) {
      expect(cause.code).toBe('process-exit');
      expect(text).toMatch(
        /^The program that served port 8443 on the server 192\.0\.2\.80 ended 5 connections/,
      );
      expect(text).toContain(`journalctl -u SERVICE --since "${AT}"`);
      expect(text).toContain('kubectl describe pod');
    }
  });

  it('is nothing to do where no request was under way', () => {
    for (const { next: text } of judge(...served(5, false)))
      expect(text).toMatch(/^Nothing to do if it was restarted then/);
  });
});

describe('a client that cancelled', () => {
  const download = (): Conversation =>
    talk()
      .clientSends(GET)
      .serverSends('HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n')
      .segment('server', { payload: 1448 })
      .clientAcks();

  it('did so with its reason, as a rule; how much it had is told', () => {
    const text = next(download().rst({ from: 'client', after: 0.7 }));
    expect(text).toMatch(/^Nothing to do if a page was left or a download stopped: the client 10\.0\.0\.1/);
    expect(text).toContain('after 1.49 kB of 1 MB');
    expect(text).toContain('nginx 499');
  });

  it('that never got an answer to its SYN has failed to connect', () => {
    const text = next(new Conversation().syn().rst({ from: 'client', after: 3 }));
    expect(text).toMatch(/^If nobody cancelled it, find out why no answer came.* gave up 3 s after its SYN/);
    expect(text).toContain('TcpExtListenDrops');
  });

  it('has a timeout, where it gave up after a round number of seconds', () => {
    const text = next(download().rst({ from: 'client', after: 2.96 }));
    expect(text).toMatch(/^If nobody cancelled it, raise a timeout of 3 s/);
  });
});

describe('a failure of TLS', () => {
  const failed = (by: 'client' | 'server', description: number): string => {
    const hello = talk().clientSends(clientHello());
    return next(
      (by === 'server'
        ? hello.serverSends(alert(description))
        : hello.exchange(10, 10).clientSends(alert(description))
      ).rst({
        from: by,
      }),
    );
  };

  it.each([
    [40, 'handshake_failure', 'no version, cipher or curve in common'],
    [70, 'protocol_version', 'ssl_protocols'],
    [112, 'unrecognized_name', 'serves no shop.example'],
    [116, 'certificate_required', 'curl --cert --key'],
    [120, 'no_application_protocol', 'ALPN'],
    [48, 'unknown_ca', 'refuses the certificate of the client'],
    [10, 'unexpected_message', 'another protocol or version on this port'],
    [80, 'internal_error', 'the log of the server says why'],
  ])('alert %i of the server: %s', (code, name, cure) => {
    const text = failed('server', code);
    expect(text).toContain(`The server 192.0.2.80 ended TLS with ${name}: `);
    expect(text).toContain(cure);
  });

  it('gives the command that shows it', () => {
    expect(failed('server', 40)).toContain(
      'openssl s_client -connect 192.0.2.80:8443 -servername shop.example',
    );
  });

  it('asks the server for its chain where the client does not trust it', () => {
    const text = failed('client', 48);
    expect(text).toMatch(/^The client 10\.0\.0\.1 ended TLS with unknown_ca: it does not trust/);
    expect(text).toContain('intermediate certificates');
  });

  it('shows the alert as evidence', () => {
    const verdict = judgeFirst(
      talk().clientSends(clientHello()).serverSends(alert(40)).rst({ from: 'server' }),
    );
    expect(verdict.codes).toContain('tls-alert');
  });
});

describe('an error reply', () => {
  const replied = (request: string, reply: string): Conversation =>
    talk().clientSends(request).serverSends(reply);

  it('names status, path and how the reply can arrive, where the body was not read', () => {
    const verdict = judgeFirst(
      replied(POST, 'HTTP/1.1 403 Forbidden\r\n\r\n').clientSends(3000).rst({ from: 'server' }),
    );
    expect(verdict.next).toMatch(
      /^Let the server 192\.0\.2\.80 read the body .*only 3 kB of 90 kB of the body of POST \/up of shop\.example had come when it closed after its 403/,
    );
    expect(verdict.next).toContain('lingering_close');
    expect(verdict.codes).toContain('error-reply');
  });

  it('sees an unread body by its length, though nothing more was on its way', () => {
    const text = next(
      replied(POST, 'HTTP/1.1 401 Unauthorized\r\n\r\n').clientAcks().rst({ from: 'server' }),
    );
    expect(text).toContain('only 0 B of 90 kB of the body of POST /up of shop.example');
    expect(text).toContain('Expect: 100-continue');
  });

  it('is the real reason, where the whole request was read', () => {
    const text = next(
      replied(GET, 'HTTP/1.1 429 Too Many Requests\r\n\r\n').clientAcks().rst({ from: 'server' }),
    );
    expect(text).toContain('429 Too Many Requests');
    expect(text).toContain('Retry-After');
    expect(text).not.toContain('lingering_close always');
  });

  it('of a mail server is quoted', () => {
    const text = next(
      talk()
        .serverSends('220 mail.example ESMTP Postfix\r\n')
        .clientSends('EHLO a\r\n')
        .serverSends('421 4.7.0 Too many errors\r\n')
        .clientAcks()
        .rst({ from: 'server' }),
    );
    expect(text).toContain('replied 421');
    expect(text).toContain('it takes no more for now');
  });
});

describe('the time', () => {
  it('is seconds from the capture’s begin where the clock was never set', () => {
    const made = new Conversation({ ...ends, startNs: 5_000_000_000n }).handshake();
    expect(next(made.exchange(10, 10).rst({ from: 'server', after: 0.25 }))).toMatch(
      /at 0\.2\d\d s after the capture began/,
    );
  });
});
