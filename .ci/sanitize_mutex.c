// Tells ThreadSanitizer of locks that it cannot see. Loaded before other libraries by `.ci/sanitize thread`.
//
// `Mutex` takes a free lock by code that is compiled into whoever uses it, which the sanitizer watches. What waits for a lock is code
// of the library `libswiftSynchronization.so`, which it does not: so whatever follows a wait seems to be without order, and any two
// threads that meet at a mutex are reported. These stand before the library's, call them, and say what they did.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

// The sanitizer's, where the process has it.
void __tsan_acquire(void *) __attribute__((weak));
void __tsan_release(void *) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

// The methods of `Synchronization._MutexHandle`, by the names that Swift gives them.
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock(uint32_t thread, SELF mutex) __asm__(LOCK);
SWIFT bool try_lock(SELF mutex) __asm__(TRY_LOCK);
SWIFT void unlock(SELF mutex) __asm__(UNLOCK);

SWIFT void lock(uint32_t thread, SELF mutex) {
    typedef SWIFT void Lock(uint32_t, SELF);
    ((Lock *)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT bool try_lock(SELF mutex) {
    typedef SWIFT bool TryLock(SELF);
    bool is_locked = ((TryLock *)dlsym(RTLD_NEXT, TRY_LOCK))(mutex);
    if (is_locked && __tsan_acquire) __tsan_acquire(mutex);
    return is_locked;
}

SWIFT void unlock(SELF mutex) {
    typedef SWIFT void Unlock(SELF);
    if (__tsan_release) __tsan_release(mutex);
    ((Unlock *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
