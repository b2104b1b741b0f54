// The calls are not POSIX, so Swift's import of the C library does not have them.
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

int write_behind_pass_cache(int descriptor, int passes) {
#ifdef O_DIRECT
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(descriptor, F_SETFL, passes ? flags | O_DIRECT : flags & ~O_DIRECT);
#else
    (void)descriptor;
    return passes ? -1 : 0;
#endif
}
