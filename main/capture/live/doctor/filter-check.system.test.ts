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
    // One may be installed beside tcpdump, and would be asked first.
    const withoutHelper = { ...programs, helper: null };
    expect(await checkFilter('tcp port 80', null, withoutHelper, runProgram)).toEqual({
      ok: true,
      message: null,
    });
    const bad = await checkFilter('tcp prot 80', null, withoutHelper, runProgram);
    expect(bad.ok).toBe(false);
    expect(bad.message).toMatch(/syntax error/u);
  });
});
