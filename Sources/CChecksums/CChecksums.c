// CRC-32C by the machine's own instruction, three runs at a time: the instruction takes three cycles and one can begin in
// each, so a single run would leave two thirds of it idle. The remainders of three neighbouring runs are joined by
// multiplying with the power of x that stands for the bytes behind them, from tables.
#include "CChecksums.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#include <string.h>

enum { RUN = 4096 };

static uint32_t behind[4][256];
static int has_instruction;

__attribute__((target("sse4.2")))
static uint64_t word(uint64_t state, const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return _mm_crc32_u64(state, value);
}

__attribute__((constructor, target("sse4.2")))
static void prepare(void) {
    __builtin_cpu_init();
    has_instruction = __builtin_cpu_supports("sse4.2") != 0;
    if (!has_instruction) return;
    // What each single bit becomes behind RUN zero bytes; all else are sums of these.
    uint32_t bits[32];
    for (int bit = 0; bit < 32; bit++) {
        uint64_t state = (uint32_t)1 << bit;
        for (int i = 0; i < RUN / 8; i++) state = _mm_crc32_u64(state, 0);
        bits[bit] = (uint32_t)state;
    }
    for (int place = 0; place < 4; place++)
        for (int value = 0; value < 256; value++) {
            uint32_t sum = 0;
            for (int bit = 0; bit < 8; bit++)
                if (value >> bit & 1) sum ^= bits[place * 8 + bit];
            behind[place][value] = sum;
        }
}

static uint32_t moved(uint32_t state) {
    return behind[0][state & 255] ^ behind[1][state >> 8 & 255] ^ behind[2][state >> 16 & 255] ^ behind[3][state >> 24];
}

int hearth_has_crc32c(void) { return has_instruction; }

__attribute__((target("sse4.2")))
uint32_t hearth_crc32c(uint32_t state, const uint8_t *bytes, size_t count) {
    uint64_t first = state;
    while (count >= 3 * RUN) {
        uint64_t second = 0, third = 0;
        for (size_t i = 0; i < RUN; i += 8) {
            first = word(first, bytes + i);
            second = word(second, bytes + RUN + i);
            third = word(third, bytes + 2 * RUN + i);
        }
        first = moved(moved((uint32_t)first) ^ (uint32_t)second) ^ (uint32_t)third;
        bytes += 3 * RUN;
        count -= 3 * RUN;
    }
    for (; count >= 8; bytes += 8, count -= 8) first = word(first, bytes);
    uint32_t rest = (uint32_t)first;
    for (; count > 0; bytes++, count--) rest = _mm_crc32_u8(rest, *bytes);
    return rest;
}

#else

int hearth_has_crc32c(void) { return 0; }
uint32_t hearth_crc32c(uint32_t state, const uint8_t *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return state;
}

#endif
