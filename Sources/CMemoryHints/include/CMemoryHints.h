#ifndef CMEMORYHINTS_H
#define CMEMORYHINTS_H

/// Has the machine bring a line of memory near, and goes on without waiting. A hint: any address may be named.
static inline void hearth_read_soon(const void *address) { __builtin_prefetch(address); }

#endif
