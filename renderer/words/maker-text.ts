/** What made a reset, and where, in the few words that stand on the path strip. */
export * from '../../shared/texts/maker-text.ts';
