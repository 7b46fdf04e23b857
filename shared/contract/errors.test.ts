import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromWireError, RpcError, toWireError } from './errors.ts';
import { ERROR_CODES } from './methods.ts';

it('comes back as it went', () => {
  for (const code of ERROR_CODES) {
    const wire = toWireError(new RpcError(code, 'what happened'));
    expect(fromWireError(wire, '')).toMatchObject({ code, message: 'what happened' });
  }
});

it('names what was aborted as cancelled and the unexpected as failed', () => {
  expect(toWireError(AbortSignal.abort().reason)).toEqual({ code: 'cancelled', message: 'cancelled' });
  expect(toWireError(new TypeError('x'))).toEqual({ code: 'failed', message: 'x' });
  expect(toWireError('text')).toEqual({ code: 'failed', message: 'text' });
});

it('takes anything for an error', () => {
  fc.assert(
    fc.property(fc.anything(), (data) => {
      expect(fromWireError(data, 'fallback')).toBeInstanceOf(RpcError);
    }),
  );
  expect(fromWireError({ code: 'no-such-code', message: 'x' }, 'fallback')).toMatchObject({
    code: 'failed',
    message: 'fallback',
  });
});
