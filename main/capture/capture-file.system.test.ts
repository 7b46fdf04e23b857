/** Capture files as the programs lz4 and zstd compress them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { describeCompressed, members, type Make } from '../../test/support/compressed-files.ts';

function compressor(program: string): (...args: string[]) => Make {
  return (...args) =>
    (bytes) =>
      execFileSync(program, [...args, '-q', '-c'], { input: bytes, maxBuffer: 1 << 28 });
}
/** By the program that compresses: whether it is here. */
const isHere = {
  lz4: spawnSync('lz4', ['--version']).status === 0,
  zstd: spawnSync('zstd', ['--version']).status === 0,
  zip: spawnSync('zip', ['-v']).status === 0,
};
const lz4 = compressor('lz4');
const zstd = compressor('zstd');

const zip: Make = (bytes) => execFileSync('zip', ['-q', '-', '-'], { input: bytes, maxBuffer: 1 << 28 });

const KINDS: [name: string, compression: 'lz4' | 'zstd' | 'zip', make: Make][] = [
  ['lz4', 'lz4', lz4('-1')],
  ['lz4 with small linked blocks', 'lz4', lz4('-9', '-B4', '-BD')],
  ['lz4 with block checksums', 'lz4', lz4('-BX', '-B5')],
  ['lz4 without checksum, with size', 'lz4', lz4('--no-frame-crc', '--content-size')],
  ['lz4 in frames', 'lz4', members(lz4('-BD'))],
  ['zstd', 'zstd', zstd('-3')],
  ['zstd -19', 'zstd', zstd('-19')],
  ['zstd without checksum', 'zstd', zstd('--no-check')],
  ['zip of what comes through a pipe', 'zip', zip],
  ['zstd in frames', 'zstd', members(zstd('-1'))],
];
for (const [name, compression, make] of KINDS)
  describeCompressed(name, compression, make, { isSkipped: !isHere[compression] });
