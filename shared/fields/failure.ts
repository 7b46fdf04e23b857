/** Fields of our own that all packets have whose flow failed without a reset, each packet of the flow with the same values. */
import { FAILURE_KINDS } from '../model/failure.ts';
import { SIDES } from '../model/verdict.ts';
import type { FieldInfo } from './field.ts';

export const FAILURE_FIELDS: readonly FieldInfo[] = [
  {
    name: 'failure',
    title: 'Failure without a reset',
    type: 'protocol',
    about: 'packets of connections that failed without a reset',
  },
  {
    name: 'failure.kind',
    title: 'Kind',
    type: 'string',
    choices: FAILURE_KINDS,
    about: 'how it failed',
  },
  {
    name: 'failure.side',
    title: 'Side',
    type: 'string',
    choices: [...SIDES, 'path'],
    about: 'whose doing it was; absent where that cannot be told',
  },
  {
    name: 'failure.tries',
    title: 'Tries',
    type: 'unsigned',
    about: 'how often was sent what got no answer',
  },
  {
    name: 'failure.seconds',
    title: 'Seconds',
    type: 'duration',
    about: 'how long it tried or waited',
  },
  {
    name: 'failure.recovered',
    title: 'Recovered',
    type: 'boolean',
    about: 'whether the connection went on after all',
  },
  {
    name: 'failure.matters',
    title: 'Matters',
    type: 'boolean',
    about: 'whether it ended unfinished work',
  },
  {
    name: 'failure.confidence',
    title: 'Confidence',
    type: 'float',
    about: 'how sure kind and side are, from 0 to 1',
  },
  {
    name: 'failure.summary',
    title: 'Summary',
    type: 'string',
    about: 'what failed, in a sentence',
  },
];
