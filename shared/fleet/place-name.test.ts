import { expect, it } from 'vitest';
import { storeOf, withoutPassword } from './place-name.ts';

it.each([
  ['/srv/fleet', '/srv/fleet'],
  ['/srv/a:b@c', '/srv/a:b@c'],
  ['clickhouse://db.example/fleet', 'clickhouse://db.example/fleet'],
  [
    'clickhouse://ann:secret@db.example:8123,db2/fleet?cluster=all',
    'clickhouse://ann@db.example:8123,db2/fleet?cluster=all',
  ],
  ['clickhouse://ann:se@cret@db/fleet', 'clickhouse://ann@db/fleet'],
  ['clickhouse://:secret@db/fleet', 'clickhouse://db/fleet'],
  ['clickhouse://ann@db', 'clickhouse://ann@db'],
  ['clickhouse://db/fleet?at=a@b', 'clickhouse://db/fleet?at=a@b'],
  ['CLICKHOUSE://ann:secret@db/fleet', 'clickhouse://ann@db/fleet'],
])('calls %s %s', (place, name) => {
  expect(withoutPassword(place)).toBe(name);
  expect(withoutPassword(name)).toBe(name);
});

it('tells a server from a folder', () => {
  expect(storeOf('clickhouse://db/fleet')).toBe('clickhouse');
  expect(storeOf('/srv/clickhouse://db')).toBe('folder');
});
