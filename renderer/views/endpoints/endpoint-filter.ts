/** The filter that shows what an endpoint, or a pair, took part in. */
import type { EndpointRow } from '../../../shared/model/rows.ts';

export function endpointFilter({ address, other }: Pick<EndpointRow, 'address' | 'other'>): string {
  return [address, other]
    .filter((one) => one !== '')
    .map((one) => `${one.includes(':') ? 'ipv6' : 'ip'}.addr == ${one}`)
    .join(' && ');
}
