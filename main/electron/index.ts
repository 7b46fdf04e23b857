import { startApp } from './app.ts';

const engine = new URL('../host/engine-process.js', import.meta.url);
const capturer = new URL('../host/capture-process.js', import.meta.url);
const fleet = new URL('../host/fleet-process.js', import.meta.url);
const preload = new URL('./preload.cjs', import.meta.url);
await startApp({ page: new URL('../renderer/', import.meta.url), engine, capturer, fleet, preload });
