#ifndef C_LOST_PAGES_H
#define C_LOST_PAGES_H

#include <stddef.h>

/// Remembers that a file is mapped somewhere, for whoever meets a page of it that cannot be read.
/// Returns a slot for `lost_pages_forget_mapping`; -1 if too many are remembered.
int lost_pages_remember_mapping(const void *start, size_t count, const char *path);

void lost_pages_forget_mapping(int slot);

/// From now on a page of a remembered mapping that cannot be read (SIGBUS: the file was cut short, or its disk fails) ends the
/// process with `status`, after a line on the standard error with the file and the byte. Any other SIGBUS ends it as before.
void lost_pages_report(int status);

#endif
