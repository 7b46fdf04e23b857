/** Choices of single parts of the page that outlive the session. */
export { readText as readKept, writePreference as keep } from '../platform/preferences.ts';
