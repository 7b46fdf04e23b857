/**
 * The loopback host under `npm run dev`, which builds it by itself: Vite serves the page, and passes on to here what is
 * no file of it. No other build has this program, so no other host can be told to trust another origin.
 */
import { main } from './main.ts';

const origin = process.env.RESETSCOPE_DEV_ORIGIN;
const token = process.env.RESETSCOPE_DEV_TOKEN;
const code = process.env.RESETSCOPE_DEV_CODE;
if (origin === undefined || token === undefined || code === undefined)
  throw new Error('this program is started by npm run dev');

// However the parent ends, nothing of it stays.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
const engine = new URL('../host/engine-process.js', import.meta.url);
const capturer = new URL('../host/capture-process.js', import.meta.url);
const fleet = new URL('../host/fleet-process.js', import.meta.url);
await main(process.argv.slice(2), { page: undefined, engine, capturer, fleet }, { origin, token, code });
