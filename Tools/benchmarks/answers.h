/* What the load generator makes of the answers: how long they took, and whether they are right. */
#ifndef UJUZI_BENCH_ANSWERS_H
#define UJUZI_BENCH_ANSWERS_H

#include "common.h"

/* Latencies: 32 steps within each power of two of nanoseconds, so 3 % at most are lost. */
enum { STEP_BITS = 5, BUCKETS = 64 << STEP_BITS };

static uint64_t histogram[BUCKETS];

static inline unsigned bucket(uint64_t ns) {
  if (ns < 1u << STEP_BITS) return (unsigned)ns;
  unsigned power = 63 - (unsigned)__builtin_clzll(ns);
  unsigned step = (unsigned)(ns >> (power - STEP_BITS)) & ((1u << STEP_BITS) - 1);
  return ((power - STEP_BITS + 1) << STEP_BITS) + step;
}

static inline double bucket_us(unsigned b) {
  if (b < 1u << STEP_BITS) return b / 1e3;
  unsigned power = (b >> STEP_BITS) + STEP_BITS - 1;
  uint64_t step = (b & ((1u << STEP_BITS) - 1)) | 1u << STEP_BITS;
  return (double)(step << (power - STEP_BITS)) / 1e3;
}

static inline double percentile(uint64_t counted, double share) {
  uint64_t wanted = (uint64_t)((double)counted * share), seen = 0;
  for (unsigned b = 0; b < BUCKETS; b++)
    if ((seen += histogram[b]) > wanted) return bucket_us(b);
  return 0;
}

enum check { CHECK_NONE, CHECK_KNOWN, CHECK_RECORDED };

/* The varint at *at; moves behind it. 0 where it is cut, which then fails the caller's check. */
static inline uint64_t varint(const uint8_t *bytes, uint32_t length, uint32_t *at) {
  uint64_t value = 0;
  for (unsigned shift = 0; *at < length && shift < 64; shift += 7) {
    uint8_t byte = bytes[(*at)++];
    value |= (uint64_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return 0;
}

static inline int passes(enum check check, const uint8_t *bytes, uint32_t length) {
  uint32_t at = 0;
  if (check == CHECK_NONE) return 1;
  if (check == CHECK_KNOWN)
    return length >= 2 && bytes[0] == 0x08 && bytes[1] >= 1 && bytes[1] <= 6;
  /* RecordReply: outcomes, field 1, each a RecordOutcome whose member `recorded` is field 1. Its
   * last field, `already` (3), is the tag 0x18 before a 1. */
  int outcomes = 0;
  while (at < length && bytes[at] == 0x0A) {
    at++;
    uint64_t size = varint(bytes, length, &at);
    if (size == 0 || size > length - at || bytes[at] != 0x0A) return 0;
    at += (uint32_t)size;
    if (size >= 4 && bytes[at - 2] == 0x18 && bytes[at - 1] == 1) return 0;
    outcomes++;
  }
  return outcomes > 0;
}

#endif
