/**
 * Fields of our own that only packets have which are judged resets, one value each. They are constant for a burst's resets as far as
 * its row tells them.
 */
import { CAUSE_CODES } from '../model/cause.ts';
import { OBEYED, ORIGIN_KINDS, ORIGIN_SIDES, RESET_FAMILIES, SIDES } from '../model/verdict.ts';
import type { FieldInfo } from './field.ts';

export const RESET_FIELDS: readonly FieldInfo[] = [
  { name: 'rst', title: 'Judged reset', type: 'protocol', about: 'packets that are resets with a verdict' },
  {
    name: 'rst.origin',
    title: 'Origin',
    type: 'string',
    choices: ORIGIN_KINDS,
    about: 'who sent the reset: the endpoint whose address it carries, a middlebox, or unknown',
  },
  {
    name: 'rst.side',
    title: 'Side',
    type: 'string',
    choices: ORIGIN_SIDES,
    about: 'on whose side of the connection it was made: client, server, path, none where not known',
  },
  { name: 'rst.cause', title: 'Cause', type: 'string', choices: CAUSE_CODES, about: 'why it was sent' },
  {
    name: 'rst.confidence',
    title: 'Confidence',
    type: 'float',
    about: 'how sure the origin is, from 0 to 1',
  },
  { name: 'rst.matters', title: 'Matters', type: 'boolean', about: 'whether it ended unfinished work' },
  {
    name: 'rst.hops',
    title: 'Hops',
    type: 'unsigned',
    about: 'routers between the capture point and its sender; absent where unknown',
  },
  {
    name: 'rst.claimed',
    title: 'Claimed sender',
    type: 'string',
    choices: SIDES,
    about: 'whose address it carries',
  },
  { name: 'rst.family', title: 'Family', type: 'string', choices: RESET_FAMILIES, about: 'how it is built' },
  {
    name: 'rst.obeyed',
    title: 'Obeyed',
    type: 'string',
    choices: OBEYED,
    about: 'what its receiver does with it',
  },
  {
    name: 'rst.idle',
    title: 'Silence before',
    type: 'duration',
    about: 'seconds of silence before it, or before the packet that it answers; absent where unknown',
  },
  {
    name: 'rst.unacked',
    title: 'Unacknowledged bytes',
    type: 'unsigned',
    about: 'bytes sent and not acknowledged when it came; absent where unknown',
  },
  { name: 'rst.label', title: 'Sender in words', type: 'string', about: 'who sent it, in words' },
  {
    name: 'rst.text',
    title: 'Text of the reset',
    type: 'string',
    about: 'cause and sender in words: where words without a field are looked for',
  },
];
