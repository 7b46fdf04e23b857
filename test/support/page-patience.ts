/** Before all tests of the page: `findBy…` and `waitFor` wait as long as every other test. */
import { configure } from '@testing-library/dom';
import { PATIENCE_MS } from './patience-times.ts';

configure({ asyncUtilTimeout: PATIENCE_MS });
