/** The plan as a program for Python 3, without packages. */
import { commentLines } from './comment.ts';
import type { HttpStatus, Plan, PlanStep, ScriptParts } from './plan.ts';

const KIT = `import errno
import os
import select
import socket
import struct
import sys
import threading
import time


def option(name, fallback):
    flag = "--" + name
    return sys.argv[sys.argv.index(flag) + 1] if flag in sys.argv else fallback


def say(text):
    print(text, flush=True)

`;

const TALK_KIT = `SPEED = float(option("speed", 1))
PATIENCE = float(option("patience", 1))


def wait(seconds):
    time.sleep(max(0.05, seconds / SPEED))


def read(sock, count):
    """Reads so many bytes, or as many as come until the other side falls silent. False once the stream has ended."""
    got = 0
    while got < count:
        if got > 0 and not select.select([sock], [], [], PATIENCE)[0]:
            break  # it fell silent: the message is shorter than the captured one
        chunk = sock.recv(min(65536, count - got))
        if not chunk:
            return False
        got += len(chunk)
    return True


def arrived(sock, count):
    """Waits until so many bytes, or all that come, lie unread."""
    before = 0
    while True:
        sock.recv(1, socket.MSG_PEEK)
        there = len(sock.recv(min(65536, count), socket.MSG_PEEK))
        if there >= min(65536, count) or there == before:
            return
        before = there
        time.sleep(0.05)


def abort(sock):
    """Closes with a reset in place of a FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    say("reset")


def http(code, length, content_length):
    """A status line and headers with a body of filler, so that all of it is that long."""
    def head_of(size):
        return ("HTTP/1.1 %d Reproduced\\r\\nContent-Type: text/plain\\r\\nContent-Length: %d\\r\\n\\r\\n" % (code, size)).encode()
    body = max(0, length - len(head_of(length if content_length < 0 else content_length)))
    return head_of(body if content_length < 0 else content_length) + b"x" * body

`;

export function pythonScript({ plan, head, port }: ScriptParts): string {
  const top = head.flatMap((text) => commentLines(text, '#'));
  const lines = ['#!/usr/bin/env python3', ...top, KIT];
  if (plan.end === 'refuse') lines.push(refusal(plan, port));
  else lines.push(TALK_KIT, talk(plan), plan.side === 'server' ? server(port) : client(port));
  return lines.join('\n');
}

function refusal(plan: Plan, port: number): string {
  return `${commentLines(plan.endAbout, '#').join('\n')}
holder = socket.socket()
# A port that is bound and not listened on refuses, and nobody else can take it.
holder.bind((option("host", "127.0.0.1"), int(option("port", ${port}))))
say("refusing on %s %d" % holder.getsockname())
while True:
    time.sleep(60)
`;
}

function talk(plan: Plan): string {
  return [
    '',
    'def talk(sock):',
    '    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)',
    '    try:',
    ...plan.steps.flatMap((step) => stepLines(step)),
    ...endLines(plan),
    '    except OSError as error:',
    '        say("saw " + errno.errorcode.get(error.errno, str(error)))',
    '',
  ].join('\n');
}

const INDENT = '        ';

function stepLines(step: PlanStep): string[] {
  const about = commentLines(step.about, '#').map((line) => INDENT + line);
  switch (step.do) {
    case 'read':
      return [...about, `${INDENT}read(sock, ${step.bytes})`];
    case 'send':
      return [...about, `${INDENT}sock.sendall(${dataOf(step.bytes, step.http)})`];
    case 'wait':
      return [...about, `${INDENT}wait(${String(Number(step.seconds.toFixed(3)))})`];
    case 'leave':
      return [...about, `${INDENT}arrived(sock, ${step.bytes})`];
    case 'finish':
      return [...about, `${INDENT}sock.shutdown(socket.SHUT_WR)`];
  }
}

function dataOf(bytes: number, status: HttpStatus | null): string {
  if (status === null) return `b"x" * ${bytes}`;
  return `http(${Math.trunc(status.code)}, ${bytes}, ${Math.trunc(status.contentLength ?? -1)})`;
}

function endLines(plan: Plan): string[] {
  const about = commentLines(plan.endAbout, '#').map((line) => INDENT + line);
  const lines = (...texts: string[]): string[] => [...about, ...texts.map((text) => INDENT + text)];
  switch (plan.end) {
    case 'unread':
      return lines('sock.close()', 'say("reset")');
    case 'exit':
      return lines('say("reset")', 'os._exit(1)');
    case 'abort-on-data':
      return lines('read(sock, 1)', 'abort(sock)');
    case 'close':
      return lines('sock.close()', 'say("closed; what comes now is answered with a reset")');
    case 'watch':
      return lines('while sock.recv(65536):', '    pass', 'say("saw end of file")', 'sock.close()');
    default:
      return lines('abort(sock)');
  }
}

function server(port: number): string {
  return `
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((option("host", "127.0.0.1"), int(option("port", ${port}))))
listener.listen(16)
say("listening on %s %d" % listener.getsockname())
while True:
    connection = listener.accept()[0]
    threading.Thread(target=talk, args=(connection,), daemon=True).start()
`;
}

function client(port: number): string {
  return `
try:
    connection = socket.create_connection((option("host", "127.0.0.1"), int(option("port", ${port}))))
except OSError as error:
    say("saw " + errno.errorcode.get(error.errno, str(error)))
    sys.exit(1)
talk(connection)
`;
}
