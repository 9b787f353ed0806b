#pragma once
#include <linux/falloc.h>
#include <lmdb.h>
#include <sys/statfs.h>
#include <sys/types.h>

/* fallocate(2): glibc declares it only where all of GNU's extensions are asked for. */
int fallocate(int file, int mode, off_t offset, off_t length);
