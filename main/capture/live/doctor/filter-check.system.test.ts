/** Filters, checked by the tcpdump of this machine. */
import { describe, expect, it } from 'vitest';
import { checkFilter } from './filter-check.ts';
import { findPrograms } from './find-programs.ts';
import { runProgram } from './run-program.ts';

describe('tcpdump', () => {
  it('compiles a filter where there is no helper', async (context) => {
    const programs = await findPrograms({
      helpers: [],
      capChild: null,
      node: process.execPath,
      path: process.env['PATH'],
      moreFolders: ['/usr/sbin', '/usr/bin'],
    });
    if (programs.tcpdump === null) context.skip();
    expect(await checkFilter('tcp port 80', null, programs, runProgram)).toEqual({ ok: true, message: null });
    const bad = await checkFilter('tcp prot 80', null, programs, runProgram);
    expect(bad.ok).toBe(false);
    expect(bad.message).toMatch(/syntax error/u);
  });
});
