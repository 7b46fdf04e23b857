import { openFolder } from '../../main/fleet/duckdb/folder-store.ts';
import { loadDuckDb } from '../../main/fleet/duckdb/load-duckdb.ts';
import { joinResets } from '../../main/fleet/join/join.ts';
import { mkdtempSync } from 'node:fs';
const folder = process.argv[2];
const n = Number(process.argv[3] ?? 1);
let t = performance.now();
const lap = (what: string) => { const now = performance.now(); console.log(what, (now - t).toFixed(0), 'ms'); t = now; };
const store = await openFolder({ folder, duckdb: loadDuckDb(['/tmp/wt/h-load']), temporary: mkdtempSync('/tmp/exp/t-') });
lap('open');
const signal = new AbortController().signal;
const asks = { n: 0, ms: new Map<string, [number, number]>() };
const counting = { ...store, name: store.name, shards: 1, sql: store.sql.bind(store), close: store.close.bind(store), async ask(select: any, s: AbortSignal) {
  const b = performance.now(); const a = await store.ask(select, s); const k = select.from + ' ' + (select.where ?? []).map((w: any) => w.column ?? (w.any ? 'any' + (w.any[0]?.all?.map((x: any) => x.column)?.join('+')) : 'all')).join(','); const e = asks.ms.get(k) ?? [0, 0]; e[0]++; e[1] += performance.now() - b; asks.ms.set(k, e); asks.n++; return a; } };
const needle = { from: 'flows' as const, columns: { n: { count: true as const }, last: { max: 'time' } }, where: [{ column: 'server_address', op: '=' as const, value: '10.1.0.30' }, { column: 'server_port', op: '=' as const, value: 8080 }], limit: 10 };
for (let i = 0; i < 5; i++) { await store.ask(needle, signal); lap('needle'); }
const { rows } = await store.ask({ from: 'resets', columns: { capture: { column: 'capture' }, segment: { column: 'segment' }, reset: { column: 'reset' }, time: {column:'time'} }, where: [{ column: 'cause', op: '=', value: process.argv[4] ?? 'injected' }], orderBy: [{ by: 'time', descending: true }], limit: n }, signal);
lap('find resets');
const joins = await joinResets(counting as any, rows.map((r) => ({ capture: String(r.capture), segment: Number(r.segment), reset: Number(r.reset) })), signal);
lap(`join ${n}`);
console.log(asks.n, 'asks');
for (const [k, [c, ms]] of [...asks.ms].sort((a, b) => b[1][1] - a[1][1])) console.log(ms.toFixed(0), c, k);
console.log(JSON.stringify(joins[0], null, 1).slice(0, 2500));
console.log(["forged","sent","open"].map((k)=>k+" "+joins.filter((j)=>j.verdict===k).length));
await store.close();
