/* The requests that the load generator sends, and in which order. */
#ifndef UJUZI_BENCH_REQUESTS_H
#define UJUZI_BENCH_REQUESTS_H

#include "common.h"

struct request {
  const uint8_t *bytes;
  uint32_t length;
};

static struct request *requests;
static size_t request_count;

static uint8_t *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) die("load: %s: %s", path, strerror(errno));
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  uint8_t *bytes = must_allocate((size_t)size + 1);
  if (size < 0 || fread(bytes, 1, (size_t)size, file) != (size_t)size) die("load: cannot read %s", path);
  fclose(file);
  *length = (size_t)size;
  return bytes;
}

static void add_request(const uint8_t *bytes, size_t length) {
  static size_t room;
  if (request_count == room) {
    room = room ? room * 2 : 4096;
    requests = realloc(requests, room * sizeof *requests);
    if (!requests) die("load: no memory for the requests");
  }
  requests[request_count++] = (struct request){bytes, (uint32_t)length};
}

static void read_payloads(const char *path) {
  size_t length, at = 0;
  uint8_t *bytes = read_file(path, &length);
  while (length - at >= 4) {
    uint32_t size = get32(bytes + at);
    if (size > PAYLOAD_BYTES_MAX || size > length - at - 4) die("load: %s is cut or damaged", path);
    add_request(bytes + at + 4, size);
    at += 4 + size;
  }
  if (at != length) die("load: %s is cut or damaged", path);
}

#endif
