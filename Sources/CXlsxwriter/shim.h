#include <xlsxwriter.h>

// A file without a name, of <sys/mman.h>: the library writes to files alone.
int memfd_create(const char *name, unsigned int flags);
