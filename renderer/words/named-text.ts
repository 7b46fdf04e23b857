/** Puts the user's names into texts that hold addresses: "10.0.0.1:443" becomes "office firewall (10.0.0.1:443)". */
export * from '../../shared/texts/named-text.ts';
