import { describe, expect, it } from 'vitest';
import { boundByChrony, chronyBound } from './clock.ts';

const KEPT =
  'C0248F97,192.36.143.151,2,1795963570.890344424,-0.000012345,0.000045678,0.000050000,-3.2,0.001,0.02,0.004000000,0.000700000,64.4,Normal\n';
/** As chrony 4.3 prints them: of a clock that it serves to others without a source, and of one that it does not keep. */
const OWN =
  '7F7F0101,,8,1795963570.890344424,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,0.000000000,0.000000000,0.0,Normal\n';
const UNKEPT =
  '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n';

const answering = (exitCode: number, stdout: string) => () =>
  Promise.resolve({ exitCode, stdout, stderr: '' });

describe('the bound of a clock', () => {
  it('is the larger of both corrections, the dispersion and half of the delay', () => {
    const bound = boundByChrony(KEPT);
    expect(bound?.source).toBe('chrony');
    expect(bound?.boundSeconds).toBeCloseTo(0.000045678 + 0.0007 + 0.002, 12);
  });

  it('is not known of a clock that nothing corrects', () => {
    expect(boundByChrony(UNKEPT)).toBeNull();
    expect(boundByChrony(OWN)).toBeNull();
  });

  it('is not made up out of what chrony did not say', () => {
    expect(boundByChrony('')).toBeNull();
    expect(boundByChrony(KEPT.replace('0.000700000', ''))).toBeNull();
    expect(boundByChrony(KEPT.replace('0.000700000', '-5'))).toBeNull();
    expect(boundByChrony(KEPT.replace('0.000700000', 'much'))).toBeNull();
  });

  it('is asked of chrony, and unknown where that does not answer', async () => {
    expect(await chronyBound(answering(0, KEPT))).toEqual(boundByChrony(KEPT));
    expect(await chronyBound(answering(-1, ''))).toBeNull();
  });
});
