/** What a middlebox or stack wrote into the reset itself. */
import { OPT_AO, OPT_MD5 } from '../../decode/facts.ts';
import { mptcpReasonText } from '../written/mptcp-reason.ts';
import { alone, firstOfGiven, theReset } from './entry.ts';

export const WRITTEN_IN = [
  firstOfGiven(
    ({ product }) => product?.sign !== undefined,
    {
      code: 'front-end-code',
      family: 'code',
      weight: -0.5,
      source:
        '[prior] Such a code, from the stack that answered the handshake: the controller is the address’s own front end, where its connections end, not a device before it.',
      when: ({ f, product }) => product?.sign === 'window-code' && f.answeredHandshake,
      at: theReset,
      text: ({ f }) =>
        `Its window field holds ${f.window}, a reason code of Citrix NetScaler, and its TTL is that of the stack that made the handshake: the NetScaler is itself the end of this connection.`,
    },
    {
      code: 'adc-code',
      family: 'code',
      weight: 2.5,
      decisive: true,
      source: '[prior] A reason code of an application delivery controller in the window field.',
      when: ({ product }) => product?.sign === 'window-code',
      at: theReset,
      text: ({ f }) => `Its window field holds ${f.window}, a reason code of Citrix NetScaler.`,
    },
    {
      code: 'device-text',
      family: 'code',
      weight: 1.5,
      source: '[prior] Text that a device writes into its resets (F5 rstcause).',
      when: ({ product }) => product?.sign === 'text',
      at: theReset,
      text: () => `It carries text that a device wrote.`,
    },
    {
      code: 'known-payload',
      family: 'code',
      weight: 2.0,
      injector: true,
      source: '[prior] A payload that one injector is known for.',
      when: ({ product }) => product?.sign === 'payload',
      at: theReset,
      text: () => `It carries bytes that one injector is known for.`,
    },
  ),
  alone({
    code: 'mptcp-reason',
    family: 'code',
    weight: -0.7,
    source:
      '[prior] RFC 8684 reason 6: the sender itself says that a middlebox interferes with MPTCP; it is the host’s own reset.',
    when: ({ f }) => f.mptcpReason >= 0,
    at: theReset,
    text: ({ f }) => mptcpReasonText(f.mptcpReason),
  }),
  alone({
    code: 'authenticated',
    family: 'code',
    weight: -2.0,
    source: '[prior] Signed by TCP-MD5 or TCP-AO as its flow requires: nobody else holds the key.',
    when: ({ f }) => (f.options & (OPT_MD5 | OPT_AO)) !== 0,
    at: theReset,
    text: () => `It carries a TCP signature option (MD5 or AO).`,
  }),
];
