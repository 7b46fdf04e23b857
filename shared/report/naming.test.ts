import { expect, it } from 'vitest';
import { namingOf } from './naming.ts';

const naming = namingOf([
  { key: '10.0.0.1', name: 'office firewall' },
  { key: 'device 1 before 10.0.0.1', name: 'edge' },
]);

it('stands before the address that it is of', () => {
  expect(naming.text('From 10.0.0.1:443 on.')).toBe('From office firewall (10.0.0.1:443) on.');
});

it('makes no brackets in brackets', () => {
  expect(naming.text('the server (10.0.0.1, port 443) or 10.0.0.1')).toBe(
    'the server (office firewall, 10.0.0.1, port 443) or office firewall (10.0.0.1)',
  );
});

it('is that of a device by its key', () => {
  expect([naming.device('device 1 before 10.0.0.1'), naming.device('')]).toEqual(['edge', '']);
});
