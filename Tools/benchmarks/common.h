/* What the benchmark programs share: the frame's header, a clock, checks that end the program. */
#ifndef UJUZI_BENCH_COMMON_H
#define UJUZI_BENCH_COMMON_H

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  HEADER_BYTES = 16,
  PREFACE_BYTES = 8,
  CALL_HEAD_BYTES = 8,
  /* Longer frames than these programs ever meet. */
  PAYLOAD_BYTES_MAX = 1 << 20,
};

enum { HELLO = 1, HELLO_OK = 2, CALL = 4, RESULT = 6, STATUS = 7, PING = 10, PONG = 11, GOAWAY = 12 };
enum { FLAG_END = 0x01 };

static const uint8_t preface[PREFACE_BYTES] = {0x89, 0x55, 0x4A, 0x5A, 0x0D, 0x0A, 0x1A, 0x0A};

static inline void put32(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 24);
  at[1] = (uint8_t)(value >> 16);
  at[2] = (uint8_t)(value >> 8);
  at[3] = (uint8_t)value;
}

static inline uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/*  0     1        2        3        4        5        6        7
 *  0x00  payload length (24)        type     flags    metadata length (16)
 *  R | call id (31)                 argument (32)                            */
static inline void put_header(
    uint8_t *at, uint32_t length, uint8_t type, uint8_t flags, uint32_t call, uint32_t argument) {
  put32(at, length & 0xFFFFFF);
  at[4] = type;
  at[5] = flags;
  at[6] = at[7] = 0;
  put32(at + 8, call);
  put32(at + 12, argument);
}

static inline uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Says what is wrong and exits with 2. */
__attribute__((noreturn, format(printf, 1, 2))) static inline void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(2);
}

static inline void *must_allocate(size_t bytes) {
  void *memory = calloc(1, bytes);
  if (!memory) die("no memory for %zu bytes", bytes);
  return memory;
}

/* A whole number of at least `least`, or the end of the program. */
static inline uint64_t number(const char *name, const char *text, uint64_t least) {
  char *end = NULL;
  errno = 0;
  unsigned long long value = text ? strtoull(text, &end, 10) : 0;
  if (!text || end == text || *end || errno || value < least)
    die("%s: a whole number of at least %llu is wanted", name, (unsigned long long)least);
  return value;
}

/* xorshift64*: the same numbers for the same seed. */
static inline uint64_t random64(uint64_t *state) {
  uint64_t x = *state;
  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  *state = x;
  return x * 0x2545F4914F6CDD1Du;
}

#endif
