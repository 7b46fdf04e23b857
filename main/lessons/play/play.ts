/** Plays a lesson once, before or after the fix, and captures it at each point. */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { LessonLanguage } from '../../../shared/model/lesson.ts';
import type { LessonRun } from '../define.ts';
import { lessonFolder, sweepFolders } from './leftovers.ts';
import { type Ground, loopback, Namespaces } from './place.ts';
import { END_PORT, PointCapture } from './point-capture.ts';
import { runCommand } from './processes.ts';
import { Stage } from './stage.ts';

export interface PlayOptions {
  readonly run: LessonRun;
  /** With the lesson's other files. */
  readonly folder: string;
  /** With its client and server. */
  readonly programs: string;
  readonly language: LessonLanguage;
  readonly isFixed: boolean;
  readonly on: 'loopback' | 'namespaces';
  /** Starts the command line of this product. */
  readonly program: readonly string[];
  readonly tell: (line: string) => void;
}

/** What was captured at a point. */
export interface Played {
  readonly at: string;
  readonly pcapng: Uint8Array;
}

/** @throws CaptureRefused, PlayError */
export async function playLesson(options: PlayOptions): Promise<readonly Played[]> {
  await sweepFolders();
  const ground = options.on === 'loopback' ? loopback() : await Namespaces.make(options.run.path);
  const folder = await lessonFolder();
  const ports = await portsOn(options.on);
  const endMark = `resetscope: the lesson ends here ${randomUUID()}`;
  // On loopback there is other traffic; between namespaces all is ours, and ICMP belongs to it.
  const filter =
    options.on === 'loopback' ? ports.map((port) => `tcp port ${port}`).join(' or ') : 'tcp or icmp';
  const stage = new Stage({ ...options, ground, ports });
  const captures = new Map<string, PointCapture>();
  try {
    await options.run.prepare?.(stage);
    for (const [at, point] of Object.entries(ground.points)) {
      const target = join(folder, at);
      await mkdir(target);
      const command = [...ground.inside(point.place), ...options.program];
      captures.set(at, await PointCapture.start(command, point.interface, target, filter, endMark));
    }
    await options.run.play(stage);
    await stage.end();
    await markEnd(ground, options.on, endMark);
    const played: Played[] = [];
    for (const [at, capture] of captures) played.push({ at, pcapng: await capture.finish() });
    captures.clear();
    return played;
  } finally {
    await stage.end();
    for (const capture of captures.values()) await capture.abandon();
    await ground.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ports for the servers of a play: the usual ones where all ports are ours, else some that nobody listens on. */
async function portsOn(on: PlayOptions['on']): Promise<readonly number[]> {
  if (on === 'namespaces') return [8080, 8081, 8082];
  const servers = await Promise.all(
    [0, 1, 2].map(async () => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, 'close');
    }),
  );
  return ports;
}

/** Sends the datagram behind which nothing belongs to the lesson, from the client to the server. */
async function markEnd(ground: Ground, on: PlayOptions['on'], endMark: string): Promise<void> {
  const target = ground.address('server');
  if (on === 'namespaces') {
    const send = `const s=require('node:dgram').createSocket('udp4');s.send(${JSON.stringify(endMark)},${END_PORT},${JSON.stringify(target)},()=>s.close())`;
    await runCommand([...ground.inside('client'), process.execPath, '-e', send]);
    return;
  }
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.send(endMark, END_PORT, target, () => {
      resolve();
    });
  });
  socket.close();
}
