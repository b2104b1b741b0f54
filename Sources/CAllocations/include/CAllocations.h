#ifndef C_ALLOCATIONS_H
#define C_ALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

/// What the heap gave out between `allocations_begin` and `allocations_end`, by every thread of the process.
typedef struct {
    /// Blocks given out; one that was moved to grow counts again.
    int64_t blocks;
    /// Their bytes, as the heap rounds them up.
    int64_t bytes;
    /// The most that was held at one time beyond what was held at the beginning.
    int64_t peak_bytes;
} allocations;

/// Whether this process's heap is watched at all: only where the C library is glibc.
bool allocations_are_counted(void);

/// Sets the counters to zero and lets them run. They cost nothing measurable while they do not.
void allocations_begin(void);

/// Stops the counters.
allocations allocations_end(void);

#endif
