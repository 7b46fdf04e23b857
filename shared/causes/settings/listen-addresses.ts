/** On which addresses programs listen unless they are told. */
import type { Setting } from './setting.ts';
import { GUNICORN, REDIS, UVICORN } from './sources.ts';

export const LISTEN_ADDRESSES: readonly Setting[] = [
  { system: 'Redis', setting: 'bind', default: '127.0.0.1 and ::1', source: REDIS },
  { system: 'uvicorn', setting: '--host', default: '127.0.0.1', source: UVICORN },
  {
    system: 'gunicorn',
    setting: 'bind',
    default: '127.0.0.1:8000',
    source: `${GUNICORN}#bind`,
  },
];
