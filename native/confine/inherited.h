#ifndef INHERITED_H
#define INHERITED_H

/*
 * Closes the descriptors from `lowest` on that were inherited, whatever they lead to. They are those that stay open over execve():
 * what this process opened itself does not, as Node opens nothing that would. Returns 0 or -1.
 */
int inherited_close(int lowest);

#endif
