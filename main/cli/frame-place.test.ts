import { describe, expect, it } from 'vitest';
import { analyzeBytes } from '../../test/support/analyze.ts';
import { writePcap } from '../../test/support/capture-writer.ts';
import { Conversation } from '../../test/support/conversation.ts';
import { FrameTrouble, framePlace, resetPlace } from './frame-place.ts';

const FILES = ['a/client.pcap', 'b/server.pcap', 'c/server.pcap', '1'];

describe('a frame on the command line', () => {
  it.each([
    ['client.pcap:11', 0],
    ['a/client.pcap:11', 0],
    ['./a/client.pcap:11', 0],
    ['b/server.pcap:11', 1],
    ['c/server.pcap:11', 2],
    ['0:11', 0],
    ['2:11', 2],
    // A file that is called so is meant by its name.
    ['1:11', 3],
  ])('%s is of file %i', (text, file) => {
    expect(framePlace(text, FILES)).toEqual({ file, frame: 11 });
  });

  it('needs no file where there is but one', () => {
    expect(framePlace('7', ['x.pcap'])).toEqual({ file: 0, frame: 7 });
  });

  it('takes the last colon, as names may have some', () => {
    expect(framePlace('12:30.pcap:7', ['12:30.pcap', 'x'])).toEqual({ file: 0, frame: 7 });
  });

  it.each([
    ['eleven', /is no frame/u],
    ['', /is no frame/u],
    ['-1', /is no frame/u],
    [':5', /is no frame/u],
    ['11', /in which the frame is by FILE:FRAME, such as client\.pcap:11/u],
    ['server.pcap:11', /several files are called server\.pcap/u],
    ['other.pcap:11', /other\.pcap is none of the files .*0 client\.pcap, 1 server\.pcap/u],
    ['4:11', /4 is none of the files/u],
  ])('refuses “%s”', (text, message) => {
    expect(() => framePlace(text, FILES)).toThrow(FrameTrouble);
    expect(() => framePlace(text, FILES)).toThrow(message);
  });
});

describe('the reset in a frame', () => {
  const talk = new Conversation({});
  talk.handshake().exchange(300, 500).rst({ from: 'server' });
  const session = analyzeBytes(writePcap({ packets: talk.packets }));
  const { frame } = session.resetRow(session.resetIds()[0]);

  it('is found with its packet', () => {
    const { packet, reset } = resetPlace(session, String(frame));
    expect([session.packets.frame(packet), reset]).toEqual([frame, session.resetIds()[0]]);
  });

  it('is told where another frame was asked for', () => {
    expect(() => resetPlace(session, '1')).toThrow(`frame 1 is no reset; resets are in frames ${frame}`);
  });
});
