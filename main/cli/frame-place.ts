/**
 * A frame as people name it on the command line: `11`, and `server.pcap:11` or `1:11` where several files are read. There is one rule for
 * all commands: FILE is a path as it was given, the name of a file, or its number, which counts from 0 as in all that is printed.
 */
import { basename, resolve } from 'node:path';
import type { PacketNumber } from '../../shared/base/units.ts';
import type { Session } from '../engine/session.ts';

export interface FramePlace {
  /** From 0. */
  readonly file: number;
  /** From 1, as Wireshark numbers them. */
  readonly frame: number;
}

export interface ResetPlace {
  /** The packet that was named, which may be any of a burst. */
  readonly packet: PacketNumber;
  /** The record that it is told in. */
  readonly reset: number;
}

/** What names no frame, or none that is meant; a text for people. */
export class FrameTrouble extends Error {}

/** Resets that are named where the wrong one was asked for. */
const NAMED = 10;

/** @throws FrameTrouble */
export function framePlace(text: string, files: readonly string[]): FramePlace {
  const [, name, digits] = /^(?:(.+):)?(\d{1,10})$/su.exec(text) ?? [];
  if (digits === undefined)
    throw new FrameTrouble(`“${text}” is no frame: it is a number, or FILE:FRAME of several files`);
  return { file: fileNamed(name, digits, files), frame: Number(digits) };
}

function fileNamed(name: string | undefined, digits: string, files: readonly string[]): number {
  if (name === undefined) {
    if (files.length === 1) return 0;
    throw new FrameTrouble(
      `there are ${files.length} files: say in which the frame is by FILE:FRAME, such as ${basename(files[0])}:${digits}`,
    );
  }
  const exact = files.findIndex((path) => path === name || resolve(path) === resolve(name));
  if (exact >= 0) return exact;
  const alike = files.flatMap((path, file) => (basename(path) === name ? [file] : []));
  if (alike.length === 1) return alike[0];
  if (alike.length > 1)
    throw new FrameTrouble(`several files are called ${name}: say which one by its path, or by its number`);
  if (/^\d{1,6}$/u.test(name) && Number(name) < files.length) return Number(name);
  throw new FrameTrouble(
    `${name} is none of the files that were read: they are ${files.map((path, file) => `${file} ${basename(path)}`).join(', ')}`,
  );
}

/** The reset in the frame that the text names. @throws FrameTrouble */
export function resetPlace(session: Session, text: string): ResetPlace {
  const { packets, resets } = session;
  const paths = session.files.map(({ path }) => path);
  const { file, frame } = framePlace(text, paths);
  const isMeant = (packet: PacketNumber): boolean =>
    packets.frame(packet) === frame && packets.file(packet) === file;
  const ids = session.resetSightings();
  for (const reset of ids) {
    const packet = resets.packet(reset);
    if (isMeant(packet)) return { packet, reset };
  }
  // One of a burst is not listed by itself.
  for (const reset of ids) {
    for (const packet of resets.packets(reset) as Iterable<PacketNumber>)
      if (isMeant(packet)) return { packet, reset };
  }
  const inFile = ids.filter((reset) => packets.file(resets.packet(reset)) === file);
  const where = paths.length === 1 ? '' : ` of ${basename(paths[file])}`;
  if (inFile.length === 0) throw new FrameTrouble(`frame ${frame}${where} is no reset: there is none`);
  const frames = Array.from(inFile.subarray(0, NAMED), (reset) => packets.frame(resets.packet(reset)));
  const more = inFile.length > NAMED ? ` and ${inFile.length - NAMED} more` : '';
  throw new FrameTrouble(
    `frame ${frame}${where} is no reset; resets are in frames ${frames.join(', ')}${more}`,
  );
}
