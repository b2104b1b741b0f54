// What a signal handler may do is very little: no memory from the heap, no lock, no Swift. So the table of mappings is a fixed
// one, its slots are taken by one atomic step, and the handler reads it, writes a line and ends the process.

#include "CLostPages.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { slot_count = 8192, path_room = 256 };

typedef struct {
    // 0 while the slot is free, 1 while it is being filled.
    atomic_uintptr_t start;
    size_t count;
    char path[path_room];
} mapping;

static mapping mappings[slot_count];
// Where to begin to look for a free slot.
static atomic_uint next_slot;
static int exit_status;

int lost_pages_remember_mapping(const void *start, size_t count, const char *path) {
    unsigned first = atomic_fetch_add(&next_slot, 1);
    for (unsigned step = 0; step < slot_count; step++) {
        unsigned slot = (first + step) % slot_count;
        uintptr_t is_free = 0;
        if (!atomic_compare_exchange_strong(&mappings[slot].start, &is_free, 1)) continue;
        mappings[slot].count = count;
        // The end of a long path tells more than its beginning.
        size_t length = strlen(path);
        const char *kept = length < path_room ? path : path + length - (path_room - 1);
        memcpy(mappings[slot].path, kept, strlen(kept) + 1);
        atomic_store(&mappings[slot].start, (uintptr_t)start);
        return (int)slot;
    }
    return -1;
}

void lost_pages_forget_mapping(int slot) {
    if (slot >= 0 && slot < slot_count) atomic_store(&mappings[slot].start, 0);
}

static void say(const char *text, size_t count) {
    while (count > 0) {
        ssize_t done = write(STDERR_FILENO, text, count);
        if (done <= 0) return;
        text += done;
        count -= (size_t)done;
    }
}

static void say_number(uintptr_t number) {
    char digits[24];
    size_t place = sizeof digits;
    do {
        digits[--place] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    say(digits + place, sizeof digits - place);
}

static void lost_page(int number, siginfo_t *info, void *context) {
    (void)context;
    uintptr_t address = (uintptr_t)info->si_addr;
    for (unsigned slot = 0; slot < slot_count; slot++) {
        uintptr_t start = atomic_load(&mappings[slot].start);
        if (start <= 1 || address < start || address - start >= mappings[slot].count) continue;
        static const char before[] = "hearth: ", between[] = ": byte ";
        static const char after[] =
            ": the file cannot be read any more: it was cut short while it was in use, or its disk fails\n";
        say(before, sizeof before - 1);
        say(mappings[slot].path, strnlen(mappings[slot].path, path_room));
        say(between, sizeof between - 1);
        say_number(address - start);
        say(after, sizeof after - 1);
        _exit(exit_status);
    }
    // Not ours: the instruction is repeated, and ends the process.
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigaction(number, &standard, NULL);
}

void lost_pages_report(int status) {
    exit_status = status;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = lost_page;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &action, NULL);
}
