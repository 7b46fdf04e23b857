import { main } from './main.ts';

const page = new URL('../renderer/', import.meta.url);
const engine = new URL('../host/engine-process.js', import.meta.url);
const capturer = new URL('../host/capture-process.js', import.meta.url);
const fleet = new URL('../host/fleet-process.js', import.meta.url);
await main(process.argv.slice(2), { page, engine, capturer, fleet });
