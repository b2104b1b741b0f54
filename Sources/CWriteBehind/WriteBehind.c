// The call is not POSIX, so Swift's import of the C library does not have it.
#define _GNU_SOURCE
#include <fcntl.h>

#include "CWriteBehind.h"

void write_behind_begin(int descriptor, size_t offset, size_t count) {
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(descriptor, (off64_t)offset, (off64_t)count, SYNC_FILE_RANGE_WRITE);
#else
    (void)descriptor, (void)offset, (void)count;
#endif
}
