/** The plan as a program for Node (18.3 or newer, for resetAndDestroy), without packages. */
import { commentLines } from './comment.ts';
import type { HttpStatus, Plan, PlanStep, ScriptParts } from './plan.ts';

const KIT = `import net from 'node:net';

function option(name, fallback) {
  const at = process.argv.indexOf('--' + name);
  return at < 0 ? fallback : process.argv[at + 1];
}
`;

const TALK_KIT = `const SPEED = Number(option('speed', 1));
const PATIENCE_MS = 1000 * Number(option('patience', 1));

function wait(seconds) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(50, (1000 * seconds) / SPEED)));
}

// Reads and counts what comes.
function listenTo(socket) {
  let got = 0;
  let ended = false;
  let wake = () => {};
  socket.on('data', (chunk) => { got += chunk.length; wake(); });
  socket.on('end', () => { ended = true; wake(); });
  socket.on('close', () => { ended = true; wake(); });
  return {
    async read(bytes) {
      while (got < bytes && !ended) {
        const before = got;
        let timer;
        await new Promise((resolve) => {
          wake = resolve;
          if (got > 0) timer = setTimeout(resolve, PATIENCE_MS);
        });
        clearTimeout(timer);
        if (got === before) break; // it fell silent: the message is shorter than the captured one
      }
      got = Math.max(0, got - bytes);
    },
    async end() {
      while (!ended) await new Promise((resolve) => { wake = resolve; });
    },
  };
}

function send(socket, data) {
  return new Promise((resolve) => {
    if (!socket.writable) resolve();
    else socket.write(data, () => resolve());
  });
}

// A status line and headers with a body of filler, so that all of it is that long.
function http(code, length, contentLength) {
  const headOf = (size) => 'HTTP/1.1 ' + code + ' Reproduced\\r\\nContent-Type: text/plain\\r\\nContent-Length: ' + size + '\\r\\n\\r\\n';
  const body = Math.max(0, length - headOf(contentLength < 0 ? length : contentLength).length);
  const head = headOf(contentLength < 0 ? body : contentLength);
  return head + 'x'.repeat(body);
}
`;

export function nodeScript({ plan, head, port }: ScriptParts): string {
  const top = head.flatMap((text) => commentLines(text, '//'));
  const lines = ['#!/usr/bin/env node', ...top, KIT];
  if (plan.end === 'refuse') lines.push(refusal(plan, port));
  else lines.push(TALK_KIT, talk(plan), plan.side === 'server' ? server(plan, port) : client(port));
  return `${lines.join('\n')}`;
}

function refusal(plan: Plan, port: number): string {
  return `${commentLines(plan.endAbout, '//').join('\n')}
const holder = net.createServer();
holder.listen(Number(option('port', ${port})), option('host', '127.0.0.1'), () => {
  const { address, port } = holder.address();
  holder.close(() => {
    console.log('refusing on ' + address + ' ' + port);
    // Nothing listens there now; the program stays so that it can be ended like the others.
    setInterval(() => {}, 60000);
  });
});
`;
}

function talk(plan: Plan): string {
  const readsAtAll = plan.end !== 'unread' && plan.end !== 'exit' ? true : plan.readsBefore;
  const lines = [
    'async function talk(socket) {',
    '  let error = null;',
    "  socket.on('error', (one) => { error = one; });",
    ...(readsAtAll
      ? ['  const heard = listenTo(socket);']
      : ['  // Nothing is read: what comes stays in the buffer of the kernel.', '  socket.pause();']),
    ...plan.steps.flatMap((step) => stepLines(step, plan.readsBefore)),
    ...endLines(plan),
    '}',
    '',
  ];
  return lines.join('\n');
}

function stepLines(step: PlanStep, readsBefore: boolean): string[] {
  const about = commentLines(step.about, '//').map((line) => `  ${line}`);
  switch (step.do) {
    case 'read':
      return [...about, `  await heard.read(${step.bytes});`];
    case 'send':
      return [...about, `  await send(socket, ${dataOf(step.bytes, step.http)});`];
    case 'wait':
      return [...about, `  await wait(${secondsOf(step.seconds)});`];
    case 'leave':
      return readsBefore
        ? [
            ...about,
            '  // Node reads ahead, so that nothing would be left unread here: the reset below looks the same on the wire.',
            `  await heard.read(${step.bytes});`,
          ]
        : [
            ...about,
            '  // Node does not tell of what lies unread: time enough for it to come.',
            '  await wait(0.2 * SPEED);',
          ];
    case 'finish':
      return [...about, '  socket.end();'];
  }
}

function dataOf(bytes: number, status: HttpStatus | null): string {
  if (status === null) return `Buffer.alloc(${bytes}, 'x')`;
  return `http(${Math.trunc(status.code)}, ${bytes}, ${Math.trunc(status.contentLength ?? -1)})`;
}

function endLines(plan: Plan): string[] {
  const about = commentLines(plan.endAbout, '//').map((line) => `  ${line}`);
  switch (plan.end) {
    case 'unread':
      return [...about, ...(plan.readsBefore ? abortLines() : closeLines('socket.destroy();'))];
    case 'exit':
      return [
        ...about,
        ...(plan.readsBefore
          ? ["  socket.on('close', () => process.exit(1));", ...abortLines()]
          : closeLines('process.exit(1);')),
      ];
    case 'abort-on-data':
      return [...about, '  await heard.read(1);', ...abortLines()];
    case 'close':
      return [
        ...about,
        '  await new Promise((resolve) => socket.end(resolve));',
        '  socket.destroy();',
        "  console.log('closed; what comes now is answered with a reset');",
      ];
    case 'watch':
      return [
        ...about,
        '  await heard.end();',
        "  console.log('saw ' + (error === null ? 'end of file' : error.code));",
        '  socket.destroy();',
      ];
    default:
      return [...about, ...abortLines()];
  }
}

function abortLines(): string[] {
  return ['  socket.resetAndDestroy();', "  console.log('reset');"];
}

function closeLines(close: string): string[] {
  return ["  console.log('reset');", `  ${close}`];
}

function server(plan: Plan, port: number): string {
  const paused = (plan.end === 'unread' || plan.end === 'exit') && !plan.readsBefore;
  return `const server = net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: ${paused} }, talk);
server.listen(Number(option('port', ${port})), option('host', '127.0.0.1'), () => {
  const { address, port } = server.address();
  console.log('listening on ' + address + ' ' + port);
});
`;
}

function client(port: number): string {
  return `const socket = net.connect({
  port: Number(option('port', ${port})),
  host: option('host', '127.0.0.1'),
  allowHalfOpen: true,
  noDelay: true,
});
const refused = (error) => { console.log('saw ' + error.code); };
socket.once('error', refused);
socket.once('connect', () => {
  socket.off('error', refused);
  talk(socket);
});
`;
}

/** Nanoseconds are more than any timer keeps. */
function secondsOf(seconds: number): string {
  return String(Number(seconds.toFixed(3)));
}
