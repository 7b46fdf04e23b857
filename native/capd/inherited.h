/*
 * What came along with the process and was chosen by whoever started it, who has fewer rights than we do: environment,
 * open descriptors, blocked signals. None of it is wanted but the standard streams and the folder of the capture.
 */
#ifndef CAPD_INHERITED_H
#define CAPD_INHERITED_H

/* Makes sure that 0, 1 and 2 are open, so that nothing that we open ever takes their place. */
void inherited_hold_standard_streams(void);

/* Empties the environment, which libpcap and the C library look into, and lets every signal come. */
void inherited_forget(void);

/* Closes every descriptor from 3 up, but `kept`; -1 keeps none. Nothing of ours may be open yet. */
void inherited_close_descriptors(int kept);

/* As inherited_close_descriptors() for all but two of any number, standard streams included. */
void inherited_close_all_but(int a, int b);

#endif
