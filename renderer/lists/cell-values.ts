/** The values of cells as filters write them. */
import { addressOf } from '../../shared/texts/named-text.ts';
import type { CellValue } from './column.ts';
import { splitEnd } from '../ui/split-end.ts';

/** Address, port and name of one end of a connection. */
export function endValues(end: string, title: string, protocol = 'tcp', name = ''): CellValue[] {
  const address = addressOf(end);
  if (address === '') return [];
  const port = splitEnd(end).port.replace(/^\]?:?/u, '');
  return [
    { field: address.includes(':') ? 'ipv6.addr' : 'ip.addr', value: address, title },
    ...(port === ''
      ? []
      : [{ field: `${protocol === 'udp' ? 'udp' : 'tcp'}.port`, value: port, title: 'Port' }]),
    ...(name === '' ? [] : [{ field: 'tls.handshake.extensions_server_name', value: name, title: 'Name' }]),
  ];
}
