import { expect, it } from 'vitest';
import { frameNames, pathsToName } from './frame-name.ts';

const PATHS = ['/a/client.pcap', '/a/server.pcap'];
const at = (file: number, frame: number) => ({ file, frame });

it('names each file once in a row', () => {
  expect(frameNames(PATHS, [at(0, 17), at(0, 18), at(1, 3), at(0, 20)])).toBe(
    'client.pcap:17, 18; server.pcap:3; client.pcap:20',
  );
});

it('names no file where there is one only', () => {
  expect(frameNames(['/a/client.pcap'], [at(0, 17), at(0, 18)])).toBe('17, 18');
  expect(frameNames(PATHS, [])).toBe('');
});

it('leaves out the file that the heading names', () => {
  expect(pathsToName(at(1, 9), [at(1, 3), at(1, 4)], PATHS)).toEqual([]);
  expect(pathsToName(at(1, 9), [at(1, 3), at(0, 4)], PATHS)).toEqual(PATHS);
});
