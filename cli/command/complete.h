/* SPDX-License-Identifier: MIT */
/*
 * complete.h - what may stand at the end of a command line, for completion in a shell.
 *
 * scripts/completion/ has the shells' side: they pass the words so far, and get lines "WORD", a TAB
 * and a description.
 */
#ifndef COMPLETE_H
#define COMPLETE_H

/*
 * Prints the words that may be the last of argv[1] to argv[argc - 1], which begin a command line
 * after "cpulevel"; the last may be empty.  The caller selects those that begin with it.  Returns
 * EXIT_YES, or EXIT_NO if the names of files may be there too.
 */
int complete(int argc, char **argv);

#endif
