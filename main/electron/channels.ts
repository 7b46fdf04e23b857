/** Names on Electron's own IPC, which only hands over ports; everything else is the contract on those ports. */
export const CONNECT = 'resetscope:connect';
export const PORT = 'resetscope:port';
