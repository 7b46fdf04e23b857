import { DEED, defineCause } from './cause.ts';
import { BROKEN_PIPE, RESET_ERROR } from './errors.ts';
import { CLOSING } from './settings/closing.ts';
import { SLOW_REQUESTS } from './settings/slow-requests.ts';
import { UPLOADS } from './settings/uploads.ts';

export const applicationError = defineCause({
  code: 'application-error',
  title: 'Error reply, then reset',
  what: 'The application answered with an error and closed at once, while the other side was still sending. The late data met a closed socket, hence the reset.',
  seen: `The other side sees the error reply, or only ${RESET_ERROR} if the reset overtook it; ${BROKEN_PIPE}.`,
  fatal: 'Fatal for this request; the error says whether trying again helps.',
  unlike:
    'Closing after the whole request was read would end in FIN and the client would see the error; with a timeout there is no reply at all.',
  dataLoss:
    'The rest of the request was not read; the error reply itself may be lost when the reset overtakes it.',
  client: ['Read the reply even when writing fails: the error code in it is the real reason.'],
  server: [
    'The error in the application’s log at this time is the real reason.',
    'Read the rest of the request before closing, so that the reply arrives (nginx lingering_close always, Tomcat maxSwallowSize, Node req.resume(), Go io.Copy(io.Discard, r.Body)).',
  ],
  confirm: 'The error reply stands before the reset in the same connection.',
  settings: [...CLOSING, ...SLOW_REQUESTS, ...UPLOADS],
  harmless: false,
  mechanisms: DEED,
});
