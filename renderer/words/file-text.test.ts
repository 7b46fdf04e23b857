import { expect, it } from 'vitest';
import { fileName, folderName } from './file-text.ts';

it('takes paths of all systems apart', () => {
  expect([fileName('/a/b/c.pcap'), folderName('/a/b/c.pcap')]).toEqual(['c.pcap', '/a/b']);
  expect([fileName('C:\\a\\c.pcap'), folderName('C:\\a\\c.pcap')]).toEqual(['c.pcap', 'C:\\a']);
  expect([fileName('c.pcap'), folderName('c.pcap')]).toEqual(['c.pcap', '']);
  expect(fileName('/a/b/')).toBe('/a/b/');
});

it('shows what a name hides', () => {
  expect(fileName('/a/log\u202egnp.pcap')).toBe('log\\u202egnp.pcap');
  expect(folderName('/a\u202e/b')).toBe('/a\\u202e');
});
