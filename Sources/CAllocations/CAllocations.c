// The heap's doors, with a counter at each: an executable that links this file has its own malloc, which hands the work to
// glibc's and counts. Atomic counters without order: they are read when the threads that matter have stopped.

#include "CAllocations.h"

#include <stdatomic.h>
#include <stddef.h>

static atomic_bool is_counting;
static atomic_int_fast64_t blocks, bytes, held, peak;

void allocations_begin(void) {
    atomic_store(&blocks, 0);
    atomic_store(&bytes, 0);
    atomic_store(&held, 0);
    atomic_store(&peak, 0);
    atomic_store(&is_counting, true);
}

allocations allocations_end(void) {
    atomic_store(&is_counting, false);
    return (allocations){atomic_load(&blocks), atomic_load(&bytes), atomic_load(&peak)};
}

#if defined(__GLIBC__)

#include <errno.h>
#include <malloc.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

bool allocations_are_counted(void) { return true; }

static inline bool counts(void) { return __builtin_expect(atomic_load_explicit(&is_counting, memory_order_relaxed), 0); }

static void *given(void *block) {
    if (block == NULL || !counts()) return block;
    int_fast64_t size = (int_fast64_t)malloc_usable_size(block);
    atomic_fetch_add_explicit(&blocks, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
    int_fast64_t now = atomic_fetch_add_explicit(&held, size, memory_order_relaxed) + size;
    int_fast64_t most = atomic_load_explicit(&peak, memory_order_relaxed);
    while (now > most && !atomic_compare_exchange_weak_explicit(&peak, &most, now, memory_order_relaxed, memory_order_relaxed)) {
    }
    return block;
}

static void taken_back(size_t size) { atomic_fetch_sub_explicit(&held, (int_fast64_t)size, memory_order_relaxed); }

void *malloc(size_t size) { return given(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return given(__libc_calloc(count, size)); }

void free(void *block) {
    if (block != NULL && counts()) taken_back(malloc_usable_size(block));
    __libc_free(block);
}

void *realloc(void *block, size_t size) {
    size_t before = block != NULL && counts() ? malloc_usable_size(block) : 0;
    void *moved = __libc_realloc(block, size);
    // Where there was no room the old block still stands; a size of zero freed it.
    if (moved != NULL || size == 0) taken_back(before);
    return given(moved);
}

void *aligned_alloc(size_t alignment, size_t size) { return given(__libc_memalign(alignment, size)); }

void *memalign(size_t alignment, size_t size) { return given(__libc_memalign(alignment, size)); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *made = given(__libc_memalign(alignment, size));
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

#else

bool allocations_are_counted(void) { return false; }

#endif
