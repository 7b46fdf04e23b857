import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';
import { hasDesktop } from './open.ts';

describe('resetscope open', () => {
  it('hands files and options on to the host', async () => {
    const serve = vi.fn(() => Promise.resolve(0));
    const argv = [
      'open',
      '--port',
      '8080',
      '--follow',
      '--allow-paths',
      '--allow-ssh',
      'db1',
      '--allow-ssh',
      'root@db2',
      '--upload-limit',
      '2K',
      '--',
      'a',
      '-b.pcap',
    ];
    expect(await runCli(argv, { serve })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(serve).toHaveBeenCalledWith([
      ...['--port', '8080', '--follow', '--allow-paths', '--allow-ssh', 'db1', '--allow-ssh', 'root@db2'],
      ...['--upload-limit', '2048', '--', 'a', '-b.pcap'],
    ]);
  });

  it('opens a browser where there is a desktop, unless told otherwise', async () => {
    const serve = vi.fn(() => Promise.resolve(0));
    const env = { WAYLAND_DISPLAY: 'wayland-0' };
    await runCli(['open'], { serve, env });
    await runCli(['open', '--no-browser'], { serve, env });
    expect(serve.mock.calls).toEqual([[['--open', '--']], [['--']]]);
    expect(hasDesktop('linux', {})).toBe(false);
    expect(hasDesktop('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDesktop('darwin', {})).toBe(true);
  });

  it('says what went wrong', async () => {
    expect(await runCli(['open'], { serve: () => Promise.resolve(1) })).toMatchObject({ exitCode: 1 });
    const serve = (): Promise<number> => Promise.reject(new Error('no port is free'));
    expect(await runCli(['open'], { serve })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'resetscope: no port is free\n',
    });
    expect((await runCli(['open', '--port', 'x'])).exitCode).toBe(1);
  });
});
