#ifndef CCHECKSUMS_H
#define CCHECKSUMS_H
#include <stddef.h>
#include <stdint.h>

/// Whether this machine has an instruction for CRC-32C.
int hearth_has_crc32c(void);
/// The remainder after `count` bytes more, without the inversions at the beginning and the end. Only where
/// `hearth_has_crc32c` says so.
uint32_t hearth_crc32c(uint32_t state, const uint8_t *bytes, size_t count);

#endif
