import { describe, expect, it } from 'vitest';
import { valueFilter } from '../../shared/filter/compose.ts';
import { compileFilter } from '../../shared/filter/filter.ts';
import { endValues } from './cell-values.ts';

describe('the values of an end', () => {
  it.each([
    ['10.0.0.1:443', 'tcp', 'shop.example', 3],
    ['[2001:db8::1]:53', 'udp', '', 2],
    ['10.0.0.1', 'tcp', '', 1],
    ['2001:db8::1', '', '', 1],
  ])('of %s are such as a filter takes', (end, protocol, name, count) => {
    const values = endValues(end, 'Client', protocol, name);
    expect(values.length).toBe(count);
    for (const { field, value } of values) expect(compileFilter(valueFilter(field, value)).ok).toBe(true);
  });

  it('keep address and port apart', () => {
    expect(
      endValues('[2001:db8::1]:53', 'Server', 'udp').map(({ field, value }) => `${field} ${value}`),
    ).toEqual(['ipv6.addr 2001:db8::1', 'udp.port 53']);
    expect(endValues('', 'Server')).toEqual([]);
  });
});
