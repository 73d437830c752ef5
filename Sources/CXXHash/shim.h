#include <xxhash.h>
#if defined(__x86_64__)
/* The entry points that pick SSE2, AVX2 or AVX-512 at run time: three times the plain symbols' speed.
   They are called by their own names; a macro would hide them from Swift. */
#define XXH_DISPATCH_DISABLE_REPLACE
#include <xxh_x86dispatch.h>
#endif
