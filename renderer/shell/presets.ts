/** The questions that people ask of the resets most: filters of the list, in the rail and the palette. */
export const PRESETS: readonly { readonly id: string; readonly title: string; readonly filter: string }[] = [
  { id: 'all', title: 'All resets', filter: '' },
  { id: 'matters', title: 'What matters', filter: 'matters:yes' },
  { id: 'middlebox', title: 'On the path', filter: 'origin:middlebox' },
  { id: 'endpoint', title: 'Sent by a host', filter: 'origin:endpoint' },
  { id: 'unknown', title: 'Cannot tell', filter: 'origin:unknown' },
];
