/** The captures that come with the program, to try it. */
export const SAMPLE_NAMES = ['forged-resets', 'refused-port', 'keep-alive-race', 'silent-firewall'] as const;
export type SampleName = (typeof SAMPLE_NAMES)[number];

export interface Sample {
  readonly name: SampleName;
  readonly title: string;
  /** What happened, as the one who took the capture would tell it. */
  readonly story: string;
}

export const SAMPLES: readonly Sample[] = [
  {
    name: 'forged-resets',
    title: 'Forged by a device',
    story: 'A page breaks off as soon as it is asked for. The server says that it never hung up.',
  },
  {
    name: 'keep-alive-race',
    title: 'Keep-alive race',
    story: 'Once in a while a pooled connection is reset at the next request. Nobody restarted anything.',
  },
  {
    name: 'refused-port',
    title: 'Refused',
    story: 'The client is told “connection refused”. Is it the host or a firewall?',
  },
  {
    name: 'silent-firewall',
    title: 'Failed without a word',
    story: 'Connections to one port time out, and not one reset is to be seen.',
  },
];
