/** What a program sees of a reset, in the words of its language: the very error of this situation, and no other. */
import type { ProgramSees } from '../model/verdict.ts';

export const LANGUAGES = ['c', 'python', 'node', 'java', 'go', 'dotnet', 'curl', 'browser'] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  c: 'C / errno',
  python: 'Python',
  node: 'Node.js',
  java: 'Java',
  go: 'Go',
  dotnet: '.NET',
  curl: 'curl',
  browser: 'Browsers',
};

/** One place in a program, and what comes out there. */
export interface ProgramError {
  /** "connect()", "the next read", "a write after that". */
  readonly at: string;
  /** What is thrown, returned or printed, to be searched for in a log. */
  readonly error: string;
}

/** Where a program sees an error at all: a connection that never came to be, or one that is gone. */
type Visible = 'refused' | 'reset';

const ERRORS: Readonly<Record<Language, Readonly<Record<Visible, readonly ProgramError[]>>>> = {
  c: {
    refused: [
      { at: 'connect()', error: 'ECONNREFUSED "Connection refused" (111 on Linux, 61 on macOS and BSD)' },
      { at: 'connect() on Windows', error: 'WSAECONNREFUSED 10061' },
    ],
    reset: [
      {
        at: 'read(), recv()',
        error: 'ECONNRESET "Connection reset by peer" (104 on Linux, 54 on macOS and BSD)',
      },
      { at: 'a write() after that', error: 'EPIPE "Broken pipe" with SIGPIPE, unless MSG_NOSIGNAL is set' },
      { at: 'recv(), send() on Windows', error: 'WSAECONNRESET 10054' },
    ],
  },
  python: {
    refused: [
      { at: 'socket.connect(), requests', error: 'ConnectionRefusedError: [Errno 111] Connection refused' },
    ],
    reset: [
      { at: 'recv(), requests', error: 'ConnectionResetError: [Errno 104] Connection reset by peer' },
      { at: 'a send() after that', error: 'BrokenPipeError: [Errno 32] Broken pipe' },
    ],
  },
  node: {
    refused: [
      { at: "'error' of net.connect, http, fetch", error: 'Error: connect ECONNREFUSED ADDRESS:PORT' },
    ],
    reset: [
      {
        at: "'error' of the socket or request",
        error: 'Error: read ECONNRESET (with http also "socket hang up")',
      },
      { at: 'a write() after that', error: 'Error: write EPIPE' },
    ],
  },
  java: {
    refused: [{ at: 'new Socket(), HttpClient', error: 'java.net.ConnectException: Connection refused' }],
    reset: [
      { at: 'InputStream.read()', error: 'java.net.SocketException: Connection reset' },
      { at: 'a write() after that', error: 'java.net.SocketException: Broken pipe' },
    ],
  },
  go: {
    refused: [{ at: 'net.Dial, http.Get', error: 'dial tcp ADDRESS:PORT: connect: connection refused' }],
    reset: [
      { at: 'Conn.Read', error: 'read tcp …: read: connection reset by peer' },
      { at: 'a Conn.Write after that', error: 'write tcp …: write: broken pipe' },
    ],
  },
  dotnet: {
    refused: [
      { at: 'ConnectAsync, HttpClient', error: 'SocketException (ConnectionRefused, 10061 on Windows)' },
    ],
    reset: [
      {
        at: 'ReadAsync, HttpClient',
        error:
          'IOException: Unable to read data from the transport connection; inside it SocketException (ConnectionReset, 10054 on Windows)',
      },
      {
        at: 'a WriteAsync after that',
        error: 'IOException: Unable to write data to the transport connection',
      },
    ],
  },
  curl: {
    refused: [
      { at: 'exit code 7', error: 'curl: (7) Failed to connect to HOST port PORT: Connection refused' },
    ],
    reset: [
      { at: 'exit code 56', error: 'curl: (56) Recv failure: Connection reset by peer' },
      {
        at: 'exit code 35, in the TLS handshake',
        error: 'curl: (35) Recv failure: Connection reset by peer',
      },
    ],
  },
  browser: {
    refused: [
      { at: 'Chrome, Edge', error: 'ERR_CONNECTION_REFUSED' },
      { at: 'Firefox', error: 'Unable to connect (NS_ERROR_CONNECTION_REFUSED)' },
      { at: 'fetch()', error: 'TypeError: Failed to fetch' },
    ],
    reset: [
      { at: 'Chrome, Edge', error: 'ERR_CONNECTION_RESET' },
      { at: 'Firefox', error: 'The connection was reset (NS_ERROR_NET_RESET)' },
      { at: 'fetch()', error: 'TypeError: Failed to fetch' },
    ],
  },
};

/** None where that end sees no error. */
export function programErrors(sees: ProgramSees, language: Language): readonly ProgramError[] {
  return sees === 'refused' || sees === 'reset' ? ERRORS[language][sees] : [];
}

/** What that end sees, in a sentence; the errors follow where there are some. */
export function seesText(sees: ProgramSees): string {
  switch (sees) {
    case 'refused':
      return 'The connection never came to be: connecting fails at once.';
    case 'reset':
      return 'The connection is gone: reading fails at once, and so does every write after that.';
    case 'own':
      return 'Sees no error from the network: the reset came out of this very end.';
    case 'unaware':
      return 'Sees nothing yet: it did not send this reset and was not told. It learns of it by a timeout, or by an answer to what it sends next.';
    case 'closed':
      return 'Sees nothing: it had closed its end before.';
    case 'ignored':
      return 'Sees nothing: its system did not act on this reset, and the connection went on.';
    case 'not-yet':
      return 'Sees nothing: the handshake was not done, so that no program had been given the connection.';
    case 'unknown':
      return 'This capture does not show enough to tell what the program saw.';
  }
}
