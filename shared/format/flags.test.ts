import { describe, expect, it } from 'vitest';
import { flagLetters, flagNames } from './flags.ts';

describe('flagNames', () => {
  it.each([
    [0x000, 'none'],
    [0x002, 'SYN'],
    [0x012, 'SYN, ACK'],
    [0x014, 'RST, ACK'],
    [0x0c2, 'SYN, ECE, CWR'],
    [0x100, 'AE'],
    [0x200, 'Reserved'],
    [0xf14, 'RST, ACK, AE, Reserved'],
    [0x1000, 'none'],
  ])('%i is %s', (flags, text) => {
    expect(flagNames(flags)).toBe(text);
  });
});

describe('flagLetters', () => {
  // As tshark -T fields -e tcp.flags.str prints them.
  it.each([
    [0x000, '············'],
    [0x001, '···········F'],
    [0x002, '··········S·'],
    [0x004, '·········R··'],
    [0x008, '········P···'],
    [0x010, '·······A····'],
    [0x020, '······U·····'],
    [0x040, '·····E······'],
    [0x080, '····C·······'],
    [0x100, '···A········'],
    [0x200, '··R·········'],
    [0x400, '·R··········'],
    [0x800, 'R···········'],
    [0x014, '·······A·R··'],
    [0xf14, 'RRRA···A·R··'],
    [0xfff, 'RRRACEUAPRSF'],
  ])('%i is %s', (flags, text) => {
    expect(flagLetters(flags)).toBe(text);
  });
});
