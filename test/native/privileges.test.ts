/** What the capture helper may do, as whom, and what is left of that once it captures. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofKind, WITNESS_STARTED, WITNESS_UNAVAILABLE } from './support/blocks.ts';
import { CABLE, Network, THERE, udpProgram } from './support/network.ts';
import { canCapture, PLAIN, SANITIZED } from './support/programs.ts';
import { RunningCapture } from './support/running.ts';

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];

describe.skipIf(!canCapture)('privileges of the capture helper', () => {
  let network: Network;
  let folder: string;
  beforeAll(() => {
    network = new Network();
    folder = mkdtempSync(join(tmpdir(), 'resetscope-native-'));
    chmodSync(folder, 0o755);
  });
  afterAll(() => {
    network.remove();
    rmSync(folder, { recursive: true });
  });

  /** A copy that anybody may run. */
  function copy(from: string, name: string): string {
    const program = join(folder, name);
    copyFileSync(from, program);
    chmodSync(program, 0o755);
    return program;
  }

  const expectNothingLeft = (capture: RunningCapture): void => {
    const fields = ['CapInh', 'CapPrm', 'CapEff', 'CapAmb', 'NoNewPrivs', 'Seccomp'];
    expect(fields.map((field) => [field, capture.status(field)])).toEqual([
      ['CapInh', '0000000000000000'],
      ['CapPrm', '0000000000000000'],
      ['CapEff', '0000000000000000'],
      ['CapAmb', '0000000000000000'],
      ['NoNewPrivs', '1'],
      ['Seccomp', '2'],
    ]);
  };

  async function expectItWorks(capture: RunningCapture): Promise<void> {
    await capture.captures();
    expectNothingLeft(capture);
    network.python(network.here, udpProgram(THERE, 4100, 10, 10));
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    expect(ofKind(capture.blocks(), 'packet').length).toBe(10);
  }

  const ARGS = ['--interface', CABLE, '--filter', 'udp port 4100'];

  it.each([
    ['the program as it ships', PLAIN],
    ['the sanitized one', SANITIZED],
  ])('are gone once it captures: root with %s', async (_name, program) => {
    await expectItWorks(new RunningCapture(network.here, ARGS, { program }));
  });

  it.each([
    ['as it ships', PLAIN],
    ['sanitized', SANITIZED],
  ])('are missing for an ordinary user (%s)', async (name, from) => {
    const program = copy(from, `unprivileged-${name}`);
    const capture = new RunningCapture(network.here, ARGS, { program, prefix: NOBODY });
    expect(await capture.ended).toEqual({
      code: 77,
      signal: null,
      stderr:
        `resetscope-capd: no-permission: '${CABLE}' may not be captured on: ` +
        'this needs root, or cap_net_raw and cap_net_admin\n',
    });
  });

  it('of the file are enough for an ordinary user', async () => {
    const program = copy(PLAIN, 'with-capabilities');
    execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', program]);
    const capture = new RunningCapture(network.here, [...ARGS, '--witness'], { program, prefix: NOBODY });
    await expectItWorks(capture);
    expect(ofKind(capture.blocks(), 'witness')).toMatchObject([
      { event: WITNESS_UNAVAILABLE, detail: expect.stringMatching(/denied|not permitted/) as string },
    ]);
  });

  it('of the file can include the witness', async () => {
    const program = copy(PLAIN, 'with-witness');
    execFileSync('setcap', ['cap_net_raw,cap_net_admin,cap_sys_admin,cap_dac_override=eip', program]);
    const capture = new RunningCapture(network.here, [...ARGS, '--witness'], { program, prefix: NOBODY });
    await expectItWorks(capture);
    expect(ofKind(capture.blocks(), 'witness')).toMatchObject([{ event: WITNESS_STARTED }]);
  });

  it('of a set-uid program go with its user id', async () => {
    const program = copy(PLAIN, 'set-uid');
    chmodSync(program, 0o4755);
    const capture = new RunningCapture(network.here, ARGS, { program, prefix: NOBODY });
    await capture.captures();
    expect(capture.status('Uid')).toBe('65534\t65534\t65534\t65534');
    expect(capture.status('Gid')).toBe('65534\t65534\t65534\t65534');
    expect(capture.status('Groups')).toBe('');
    await expectItWorks(capture);
  });

  it('do not let it be looked into', async () => {
    const program = copy(PLAIN, 'looked-into');
    execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', program]);
    const capture = await new RunningCapture(network.here, ARGS, { program, prefix: NOBODY }).captures();
    const look = (): string =>
      execFileSync(NOBODY[0], [...NOBODY.slice(1), 'ls', `/proc/${capture.child.pid}/fd`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(look).toThrow();
    await capture.finish();
  });
});
