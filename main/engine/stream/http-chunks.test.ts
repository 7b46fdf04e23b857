import { describe, expect, it } from 'vitest';
import { type ChunkWalk, startOfChunks, walkChunks } from './http-chunks.ts';

const FIRST = 0xffff_fff0;
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

class Body {
  readonly walk: ChunkWalk = startOfChunks(FIRST | 0);
  next = 0;

  /** One segment behind the one before. @param captured bytes of it, all unless told */
  comes(text: string, captured = text.length): this {
    this.at(this.next, text, captured);
    this.next += text.length;
    return this;
  }

  at(offset: number, text: string, captured = text.length): this {
    walkChunks(this.walk, bytesOf(text), 0, captured, text.length, (FIRST + offset) | 0);
    return this;
  }
}

const WHOLE = '5;name="x"\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nTrailer: one\r\n\r\n';

describe('the chunks of a body', () => {
  it('end with the last chunk, however the segments are cut', () => {
    for (let size = 1; size <= WHOLE.length; size++) {
      const body = new Body();
      for (let at = 0; at < WHOLE.length; at += size) {
        expect(body.walk.place).not.toBe('ended');
        body.comes(WHOLE.slice(at, at + size));
      }
      expect(body.walk.place).toBe('ended');
    }
  });

  it('do not end within data that looks like the last one', () => {
    const body = new Body().comes('b\r\n0\r\n\r\n').comes('0\r\n\r\n').comes('x\r\n');
    expect(body.walk.place).toBe('size');
    expect(body.comes('0\r\n\r\n').walk.place).toBe('ended');
  });

  it('are followed across repeated and overlapping segments', () => {
    const body = new Body().comes('5\r\nhe').comes('llo\r\n');
    body.at(0, '5\r\nhe').at(3, 'hello\r\n0');
    expect(body.walk.place).toBe('size');
    expect(body.at(10, '0\r\n\r\n').walk.place).toBe('ended');
  });

  it('are followed where no more than data was cut off, and lost where a line was', () => {
    const data = new Body().comes(`40\r\n${'x'.repeat(40)}`, 10);
    expect(data.comes(`${'x'.repeat(24)}\r\n0\r\n\r\n`).walk.place).toBe('ended');
    expect(new Body().comes(`4\r\nabcd\r\n0\r\n\r\n`, 6).walk.place).toBe('lost');
    expect(new Body().comes('4000\r\n', 2).walk.place).toBe('lost');
  });

  it('are lost behind a gap, and by what is no chunk', () => {
    expect(new Body().comes('5\r\nhe').at(6, 'lo\r\n').walk.place).toBe('lost');
    for (const text of ['\r\n', ';x\r\n', '5\r\nhelloX', 'hello', `${'f'.repeat(13)}\r\n`])
      expect(new Body().comes(text).walk.place, text).toBe('lost');
  });
});
