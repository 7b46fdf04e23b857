import { describe, expect, it, onTestFinished } from 'vitest';
import type { Tab } from './session.ts';
import { codeOf, Session } from './session.ts';

/** A host that knows one code, good once, and its token. */
class Host {
  readonly asked: Record<string, string>[] = [];
  full: string | null = null;
  #code = 'the-code';

  readonly fetch = (_path: string, init: RequestInit): Promise<Response> => {
    const headers = init.headers as Record<string, string>;
    this.asked.push(headers);
    const isCode = headers['x-resetscope-code'] === this.#code;
    if (isCode) this.#code = '';
    if (!isCode && headers['x-resetscope-token'] !== 'the-token') {
      return Promise.resolve(new Response('used already\n', { status: 401 }));
    }
    return Promise.resolve(Response.json({ token: 'the-token', full: this.full }));
  };
}

/** What a tab keeps for itself, and what was put into its address bar. */
function makeTab(host: Host, hash: string, kept = new Map<string, string>()): { tab: Tab; bar: string[] } {
  const bar: string[] = [];
  const otherTabs = new BroadcastChannel('resetscope');
  onTestFinished(() => otherTabs.close());
  const tab: Tab = {
    location: { hash, pathname: '/', search: '' },
    history: { replaceState: (_data, _unused, url) => bar.push(String(url)) },
    storage: () => ({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    }),
    fetch: host.fetch,
    otherTabs,
  };
  return { tab, bar };
}

describe('the session', () => {
  it('reads its code from the fragment', () => {
    expect(codeOf('#code=abc-123_x')).toBe('abc-123_x');
    expect(codeOf('')).toBe('');
    expect(codeOf('#other=1')).toBe('');
  });

  it('exchanges the code, and takes it off the address before that', async () => {
    const host = new Host();
    const { tab, bar } = makeTab(host, '#code=the-code');
    const session = new Session(tab);
    expect([bar, host.asked]).toEqual([['/'], []]);
    expect(await session.letIn()).toBe('the-token');
    expect(session.token).toBe('the-token');
    // To connect again it needs no code.
    expect(await session.letIn()).toBe('the-token');
    expect(host.asked).toEqual([{ 'x-resetscope-code': 'the-code' }, { 'x-resetscope-token': 'the-token' }]);
  });

  it('outlives the page in the storage of its tab', async () => {
    const host = new Host();
    const kept = new Map<string, string>();
    await new Session(makeTab(host, '#code=the-code', kept).tab).letIn();
    expect([...kept.values()]).toEqual(['the-token']);
    expect(await new Session(makeTab(host, '', kept).tab).letIn()).toBe('the-token');
  });

  it.each(['', '#code=the-code'])('of a second tab comes from the first (%s)', async (hash) => {
    const host = new Host();
    await new Session(makeTab(host, '#code=the-code').tab).letIn();
    expect(await new Session(makeTab(host, hash).tab).letIn()).toBe('the-token');
  });

  it('says why there is none, in words', async () => {
    const host = new Host();
    await expect(new Session(makeTab(host, '').tab).letIn()).rejects.toThrow(/no access code/);
    expect(host.asked).toEqual([]);
    const session = new Session(makeTab(host, '#code=old').tab);
    await expect(session.letIn()).rejects.toThrow('used already');
    // Also when it tries again by itself.
    await expect(session.letIn()).rejects.toThrow('used already');
  });

  it('forgets a token of another run', async () => {
    const kept = new Map([['resetscope.token', 'old']]);
    await expect(new Session(makeTab(new Host(), '', kept).tab).letIn()).rejects.toThrow('used already');
    expect([...kept]).toEqual([]);
  });

  it('says so where no more pages can be connected, and may come again', async () => {
    const host = new Host();
    host.full = '16 pages are connected';
    const session = new Session(makeTab(host, '#code=the-code').tab);
    await expect(session.letIn()).rejects.toThrow('16 pages are connected');
    host.full = null;
    expect(await session.letIn()).toBe('the-token');
  });

  it('says that nobody answers, and keeps its code for when somebody does', async () => {
    const { tab } = makeTab(new Host(), '#code=the-code');
    let answers = false;
    const fetch: Tab['fetch'] = (path, init) =>
      answers ? tab.fetch(path, init) : Promise.reject(new TypeError('Failed to fetch'));
    const session = new Session({ ...tab, fetch });
    await expect(session.letIn()).rejects.toThrow(/does not answer/);
    answers = true;
    expect(await session.letIn()).toBe('the-token');
  });
});
