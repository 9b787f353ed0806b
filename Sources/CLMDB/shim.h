#pragma once
#include "crc32c.h"
#include <linux/falloc.h>
#include <lmdb.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/types.h>

/* fallocate(2): glibc declares it only where all of GNU's extensions are asked for. */
int fallocate(int file, int mode, off_t offset, off_t length);

/* Raises the files that the process may have open to the most it is allowed; gives how many that
 * are, -1 when it cannot be known. */
static inline long long ujuzi_open_files_max(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return -1;
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit)) limit.rlim_cur = before;
  return limit.rlim_cur > INT32_MAX ? INT32_MAX : (long long)limit.rlim_cur;
}
