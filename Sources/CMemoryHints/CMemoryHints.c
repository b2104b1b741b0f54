#include "CMemoryHints.h"
#include <limits.h>
#include <errno.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int hearth_keep_memory_private(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return errno;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : errno;
}

void hearth_keep_freed(size_t byte_count) {
#ifdef __GLIBC__
    int bytes = byte_count < INT_MAX ? (int)byte_count : INT_MAX;
    mallopt(M_TRIM_THRESHOLD, bytes);
    mallopt(M_MMAP_THRESHOLD, bytes);
#endif
}
