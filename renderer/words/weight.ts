/** Weights of evidence for people who do not think in logarithms. */
export * from '../../shared/texts/weight.ts';
