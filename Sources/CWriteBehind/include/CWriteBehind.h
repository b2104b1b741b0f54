#ifndef C_WRITE_BEHIND_H
#define C_WRITE_BEHIND_H

#include <stddef.h>

/// Has the system begin to write a file's bytes to the disk, without waiting for any of it. A hint: it promises nothing, and what fails
/// is told by the file's next synchronization.
void write_behind_begin(int descriptor, size_t offset, size_t count);

/// Says whether what is written to a file from now on passes the system's page cache. Then only whole pages can be written, from memory
/// that begins at one. 0 if it is so now; else it is as it was.
int write_behind_pass_cache(int descriptor, int passes);

#endif
