/* Counts the calls of the allocator in the process that it is preloaded into, in a file that others
 * may read while it runs: 64 bits, in the machine's order.
 *
 *   LD_PRELOAD=count_allocations.so COUNT_ALLOCATIONS=FILE program
 *
 * Only what gives memory is counted; each `free` belongs to one of them. It stands before glibc's
 * allocator and hands over to it. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

/* Until the file is mapped. */
static uint64_t early;
static uint64_t *calls = &early;

static void count(void) { __atomic_fetch_add(calls, 1, __ATOMIC_RELAXED); }

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("COUNT_ALLOCATIONS");
  int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (file < 0 || ftruncate(file, sizeof *calls)) return;
  void *mapped = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) calls = mapped;
}

void *malloc(size_t size) {
  count();
  return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
  count();
  return __libc_calloc(items, size);
}

void *realloc(void *memory, size_t size) {
  count();
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  count();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
  *memory = memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}
