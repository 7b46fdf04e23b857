/** Origins and how sure they are, in words. */
export * from '../../shared/texts/origin.ts';
