/** The small parts of the command line that need no capture. */
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../shared/model/capture.ts';
import { cellWidth, fitText, padText, wrapText } from './layout.ts';
import { ProgressLine, progressText } from './progress-line.ts';
import { csvCell } from './report-csv.ts';
import { makeStyle } from './style.ts';

describe('csvCell', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\n=1', '"\'\n=1"'],
    [' ＝1', "' ＝1"],
    ['\u001b[2J.pcap', "'\\x1b[2J.pcap"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    [-1, '-1'],
    [null, ''],
    [true, 'true'],
  ])('%j is written %j', (cell, text) => {
    expect(csvCell(cell)).toBe(text);
  });
});

describe('text on a grid', () => {
  it('counts cells', () => {
    expect(cellWidth('abc')).toBe(3);
    expect(cellWidth('é → ●')).toBe(5);
    expect(cellWidth('e\u0301')).toBe(1);
    expect(cellWidth('例え')).toBe(4);
    expect(cellWidth('👩‍👩‍👧')).toBe(2);
  });

  it('cuts and pads to cells', () => {
    expect(fitText('abcdef', 6)).toBe('abcdef');
    expect(fitText('abcdef', 5)).toBe('abcd…');
    expect(fitText('例えば', 4)).toBe('例…');
    expect(fitText('abc', 0)).toBe('');
    expect(padText('例', 4)).toBe('例  ');
    expect(padText('7', 3, true)).toBe('  7');
  });

  it('wraps between words', () => {
    expect(wrapText('one two  three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('unbreakable a', 4)).toEqual(['unbreakable', 'a']);
    expect(wrapText('例え 例', 6)).toEqual(['例え', '例']);
    expect(wrapText('', 4)).toEqual([]);
  });
});

describe('colours', () => {
  it('need a terminal, and nobody against them', () => {
    expect(makeStyle(true, true, {}).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(makeStyle(true, true, { NO_COLOR: '' }).red('x')).not.toBe('x');
    for (const style of [
      makeStyle(false, true, {}),
      makeStyle(true, false, {}),
      makeStyle(true, true, { NO_COLOR: '0' }),
      makeStyle(true, true, { TERM: 'dumb' }),
    ]) {
      expect(style.red('x')).toBe('x');
    }
  });
});

describe('the progress line', () => {
  const progress: Progress = {
    phase: 'reading',
    revision: 1,
    bytesRead: 380e6,
    bytesTotal: 760e6,
    packets: 1_234_567,
    flows: 10,
    resets: 42,
    waiting: 0,
    unjudged: 0,
    error: null,
  };

  it('tells how far, how much, how fast', () => {
    expect(progressText(progress, 2000)).toBe(
      ' 50 %  380 MB of 760 MB  1,234,567 packets  42 resets  190 MB/s  2 s left',
    );
    expect(progressText({ ...progress, bytesRead: 0, bytesTotal: 0 }, 10)).toContain('  0 %');
  });

  it('tells how far joining is', () => {
    expect(progressText({ ...progress, phase: 'joining', joined: 0.426 }, 2000)).toBe(
      ' 42 %  joining captures of the same traffic  1,234,567 packets',
    );
  });

  it('never wraps, and disappears', () => {
    const written: string[] = [];
    const line = new ProgressLine((text) => written.push(text), 20, 0);
    line.show(progress, 1000);
    line.show({ ...progress, phase: 'done' }, 1100);
    line.clear();
    line.clear();
    expect(written).toEqual([expect.stringMatching(/^\r\u001b\[2K.{19}$/u), '\r\u001b[2K']);
  });
});
