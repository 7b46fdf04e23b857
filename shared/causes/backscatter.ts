import { defineCause } from './cause.ts';

export const backscatter = defineCause({
  code: 'backscatter',
  title: 'Answer to a forged packet',
  what: 'The reset answers something that this host never sent: somebody forged its address, often in an attack on the other side.',
  seen: 'Nobody sees anything.',
  fatal: 'No: there is no connection that it could end.',
  unlike: 'An answer to an own SYN would have that SYN before it; nothing times out, since nobody waits.',
  dataLoss: 'None.',
  client: [
    'Nothing to do. If there is much of it: does another machine use this address? arping -D -I IFACE ADDRESS.',
  ],
  server: ['Nothing to do. Providers can filter forged source addresses (BCP 38).'],
  confirm: 'The capture shows no packet of the receiver to that address before.',
  harmless: true,
  isNoise: true,
  mechanisms: ['no-connection', 'unfit-segment'],
});
