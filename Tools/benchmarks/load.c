// A load on the registry's wire: C connections with D calls in flight each, for some seconds.
// usage: load PORT METHOD PAYLOADS CONNECTIONS DEPTH SECONDS
// PAYLOADS: each a 32-bit big-endian length and a request's bytes; they are sent in turn, from a
// random one on for METHOD 32 and once each, until they are used up, for METHOD 16.
// prints: calls per second, p50 and p99 in microseconds, answers that were no RESULT, bytes a reply
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM (1 << 20)
#define DEPTH_MAX 4096
struct connection { int fd, greeted; size_t have; uint32_t next; double sent[DEPTH_MAX]; unsigned char in[ROOM]; };

static unsigned char *file, **payload;
static uint32_t *payload_length;
static size_t payloads, cursor;
static int method, depth, spent;
static uint64_t histogram[1 << 20];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void be(unsigned char *p, uint32_t v) { p[0] = v >> 24; p[1] = v >> 16; p[2] = v >> 8; p[3] = v; }

static size_t frame(struct connection *c, unsigned char *out) {
  if (method == 16 && cursor >= payloads) { spent = 1; return 0; }
  size_t p = cursor++ % payloads;
  uint32_t length = payload_length[p] + 8, call = c->next++ & 0x7fffffff;
  memset(out, 0, 16);
  be(out, length); out[0] = 0; out[4] = 4; out[5] = 1;
  be(out + 8, call ? call : (c->next++, 1));
  be(out + 12, 30000);
  be(out + 16, method); be(out + 20, 1);
  memcpy(out + 24, payload[p], payload_length[p]);
  c->sent[call % DEPTH_MAX] = now();
  return 16 + length;
}

static void send_all(int fd, unsigned char *out, size_t length) {
  for (size_t sent = 0; sent < length;) {
    ssize_t put = write(fd, out + sent, length - sent);
    if (put <= 0) { perror("write"); exit(1); }
    sent += put;
  }
}

int main(int argc, char **argv) {
  if (argc != 7) return fprintf(stderr, "usage: load PORT METHOD PAYLOADS CONNECTIONS DEPTH SECONDS\n"), 2;
  method = atoi(argv[2]);
  int connections = atoi(argv[4]);
  depth = atoi(argv[5]);
  double seconds = atof(argv[6]);
  FILE *f = fopen(argv[3], "rb");
  if (!f) return perror(argv[3]), 2;
  fseek(f, 0, SEEK_END);
  size_t size = ftell(f), at = 0;
  rewind(f);
  file = malloc(size);
  if (fread(file, 1, size, f) != size) return perror(argv[3]), 2;
  payload = malloc(size); payload_length = malloc(size);
  while (at + 4 <= size) {
    uint32_t length = file[at] << 24 | file[at + 1] << 16 | file[at + 2] << 8 | file[at + 3];
    payload[payloads] = file + at + 4;
    payload_length[payloads++] = length;
    at += 4 + length;
  }
  if (method != 16) cursor = (size_t)getpid() * 7919 % payloads;
  int poll = epoll_create1(0), one = 1;
  struct connection *all = calloc(connections, sizeof *all);
  static unsigned char out[8 << 20];
  for (int i = 0; i < connections; i++) {
    struct connection *c = &all[i];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    c->next = 1;
    if (connect(c->fd, (void *)&address, sizeof address)) return perror("connect"), 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    // The preface, and a HELLO that speaks version 1: fields 1 and 2 are 1.
    unsigned char hello[] = {0x89, 0x55, 0x4A, 0x5A, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 4, 1, 0, 0, 0,
                             0, 0, 0, 0, 0, 0, 0, 0, 8, 1, 16, 1};
    send_all(c->fd, hello, sizeof hello);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event);
  }
  uint64_t answers = 0, others = 0, bytes = 0, open = 0;
  double begun = now(), end = begun + seconds, last = begun;
  struct epoll_event ready[64];
  int stopping = 0;
  while (!stopping || open > 0) {
    int n = epoll_wait(poll, ready, 64, 5000);
    if (n <= 0) break;
    double t = now();
    if (t >= end || spent) stopping = 1;
    for (int i = 0; i < n; i++) {
      struct connection *c = ready[i].data.ptr;
      ssize_t got = read(c->fd, c->in + c->have, ROOM - c->have);
      if (got <= 0) { fprintf(stderr, "the server closed the connection\n"); return 1; }
      c->have += got;
      size_t at = 0, to = 0;
      while (c->have - at >= 16) {
        unsigned char *h = c->in + at;
        size_t length = (size_t)h[1] << 16 | h[2] << 8 | h[3];
        if (c->have - at < 16 + length) break;
        at += 16 + length;
        if (h[4] == 2) {
          for (int d = 0; d < depth; d++) { size_t more = frame(c, out + to); to += more; open += more > 0; }
          continue;
        }
        if (h[4] == 12) { fprintf(stderr, "GOAWAY: %.*s\n", (int)length, h + 16); return 1; }
        uint32_t call = (uint32_t)h[8] << 24 | h[9] << 16 | h[10] << 8 | h[11];
        if (h[4] == 6) { answers++; bytes += length; last = t; } else others++;
        open--;
        uint64_t us = (t - c->sent[call % DEPTH_MAX]) * 1e6;
        histogram[us < (1 << 20) ? us : (1 << 20) - 1]++;
        if (!stopping && !spent) { size_t more = frame(c, out + to); to += more; open += more > 0; }
      }
      memmove(c->in, c->in + at, c->have -= at);
      send_all(c->fd, out, to);
    }
  }
  uint64_t seen = 0, p50 = 0, p99 = 0;
  for (uint64_t us = 0; us < 1 << 20; us++) {
    seen += histogram[us];
    if (!p50 && seen >= answers / 2) p50 = us;
    if (!p99 && seen >= answers * 99 / 100) p99 = us;
  }
  printf("%.1f %llu %llu %llu %.1f\n", answers / (last - begun), (unsigned long long)p50,
         (unsigned long long)p99, (unsigned long long)others, answers ? (double)bytes / answers : 0);
  return 0;
}
