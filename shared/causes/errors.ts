/** How a reset looks to programs: the same few errors in every language. Used by the texts of the causes. */

/** A connection that existed was reset. */
export const RESET_ERROR =
  'ECONNRESET (104 on Linux, 54 on macOS), WSAECONNRESET 10054 on Windows, "Connection reset by peer"; ' +
  'java.net.SocketException: Connection reset; Python ConnectionResetError; Node "read ECONNRESET"; ' +
  'Go "read: connection reset by peer"; browsers ERR_CONNECTION_RESET';

/** A write after the reset was already received. */
export const BROKEN_PIPE = 'EPIPE or SIGPIPE ("Broken pipe") when it writes once more afterwards';

/** A connection that never came to be. */
export const REFUSED_ERROR =
  'ECONNREFUSED (111 on Linux, 61 on macOS), WSAECONNREFUSED 10061 on Windows, "Connection refused"; ' +
  'java.net.ConnectException; Python ConnectionRefusedError; Go "connect: connection refused"; ' +
  'browsers ERR_CONNECTION_REFUSED';

/** The side that aborts learns nothing from the network. */
export const OWN_SIDE = 'The side that reset the connection sees no error from the network.';
