/**
 * Public captures, all against each other: only those that were cut out of one capture have anything in common, though most use the
 * same private addresses, and several were made by one program with its constant numbers.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { Analysis } from './analysis.ts';

const corpus =
  process.env['RESETSCOPE_CORPUS'] ?? new URL('../../../shared/corpus/zeek', import.meta.url).pathname;

const CUT_OUT_OF_ONE = [
  ['http__byteranges.pcap', 'http__content-range-gap-skip.pcap'],
  ['ldap__simpleauth-diff-port.pcap', 'ldap__simpleauth.pcap'],
  ['postgresql__psql-aws-ssl-require-15432.pcap', 'postgresql__psql-aws-ssl-require.pcap'],
  ['smb__smb2-zero-byte-error-ioctl.pcapng', 'smb__smb_many_open_files_500.pcap.gz'],
];

it.skipIf(!existsSync(corpus))('joins no two captures that are not of the same traffic', async () => {
  const paths = readdirSync(corpus)
    .filter((name) => name.includes('.pcap'))
    .map((name) => join(corpus, name));
  expect(paths.length).toBeGreaterThan(90);
  const analysis = new Analysis();
  try {
    await analysis.run(paths, {});
    const { files, join: joined } = analysis.session;
    const pairs = joined.report()?.pairs ?? [];
    const names = pairs.map((pair) => pair.files.map((file) => basename(files[file].path)).sort());
    expect(names.sort()).toEqual(CUT_OUT_OF_ONE);
    expect(pairs.map((pair) => pair.class)).toEqual(CUT_OUT_OF_ONE.map(() => 'same'));
  } finally {
    await analysis.close();
  }
});
