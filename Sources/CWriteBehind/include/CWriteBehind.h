#ifndef C_WRITE_BEHIND_H
#define C_WRITE_BEHIND_H

#include <stddef.h>

/// Has the system begin to write a file's bytes to the disk, without waiting for any of it. A hint: it promises nothing, and what fails
/// is told by the file's next synchronization.
void write_behind_begin(int descriptor, size_t offset, size_t count);

#endif
