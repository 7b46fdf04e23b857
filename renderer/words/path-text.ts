/** The path strip for those who do not see it. */
export * from '../../shared/texts/path-text.ts';
