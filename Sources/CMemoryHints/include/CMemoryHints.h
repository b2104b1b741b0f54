#ifndef CMEMORYHINTS_H
#define CMEMORYHINTS_H
#include <stddef.h>

/// Has the machine bring a line of memory near, and goes on without waiting. A hint: any address may be named.
static inline void hearth_read_soon(const void *address) { __builtin_prefetch(address); }

/// Has the heap keep up to so many bytes that were given back, in place of returning them to the system at once. Nothing where the heap is
/// none that can be told.
void hearth_keep_freed(size_t byte_count);

/// Has nothing of the process's memory written into a file when it dies, and nobody of the same user look into it. Returns 0, or the
/// system's error.
int hearth_keep_memory_private(void);

#endif
