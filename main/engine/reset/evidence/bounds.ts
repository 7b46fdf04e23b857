/** How far evidence can move a verdict, and from where: bounds of the families, priors, and the probabilities to decide at. */
import type { EvidenceFamily } from '../../../../shared/model/verdict.ts';

/**
 * What one family can contribute at most, so that several readings of one fact do not count as independent.
 * Lower bounds are smaller: looking ordinary is easier to imitate than to explain away.
 */
export const FAMILY_CAPS: Readonly<Record<EvidenceFamily, readonly [low: number, high: number]>> = {
  header: [-1.9, 3.0],
  sequence: [-0.3, 3.3],
  aftermath: [-0.4, 3.4],
  timing: [-0.3, 1.7],
  local: [-4, 4],
  code: [-2, 2.5],
  // More than all others together.
  kernel: [-20, 8],
  // A capture at another point is another witness of the packets themselves; how sure it is, is in the weights.
  vantage: [-6, 6],
  // What shows why says nothing of who.
  why: [0, 0],
};

/**
 * The header's lower bound where aftermath or direction is decisive: whoever forges a reset copies what it can, so that
 * resemblance then says little.
 */
export const RESEMBLANCE_FLOOR = -0.5;
/** The same where its numbers are decisive: losses and delays that the capture does not show explain some of these. */
export const RESEMBLANCE_FLOOR_OF_NUMBERS = -1;

/**
 * Where time is decisive, a copied TTL is resemblance to be expected. Below this sum a clock or a counter of the host goes on as well,
 * which few copy: then the only handshake may have been the slow one.
 */
export const RESEMBLES_IN_ALL = -1.5;
/** Time's upper bound where it is decisive: what no packet can do is more than one more hint. */
export const CAUSALITY_CAP = 3.4;

/** log10 odds that a middlebox made a reset of which nothing else is known: 3 % [prior; corporate and cloud networks]. */
export const PRIOR = -1.5;
/** The same for the refusal of a SYN: firewalls that reject are common. 10 % [prior]. */
export const PRIOR_REFUSAL = -0.95;

/** A middlebox is named from this probability on, an endpoint below that one; what lies between stays open. */
export const MIDDLEBOX_FROM = 0.9;
export const ENDPOINT_BELOW = 0.25;
/**
 * Once there is a connection, an endpoint is named below this one only: then what raised the probability so far is something seen and not only
 * the prior of refusals. [L] of 52 such verdicts between the two 2 were right.
 */
export const ENDPOINT_BELOW_IN_CONNECTION = 0.1;

/**
 * The most that is believed of either side where none may be named, below the lowest step of `CONFIDENCE_STEPS`. What stays open has
 * one kind of evidence alone behind it, or several against one another, and there the sum of weights says more than is known: [L] of 65
 * resets with a probability of a middlebox between 0.1 and 0.4 whose makers were left open, hosts had made 22 and not the 49 of the sum.
 */
export const MOST_OF_UNDECIDED = 0.59;
