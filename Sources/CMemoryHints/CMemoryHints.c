#include "CMemoryHints.h"
#include <limits.h>
#include <malloc.h>

void hearth_keep_freed(size_t byte_count) {
#ifdef __GLIBC__
    int bytes = byte_count < INT_MAX ? (int)byte_count : INT_MAX;
    mallopt(M_TRIM_THRESHOLD, bytes);
    mallopt(M_MMAP_THRESHOLD, bytes);
#endif
}
