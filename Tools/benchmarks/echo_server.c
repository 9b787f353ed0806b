// An epoll server that answers every frame of the registry's wire with a frame of one size: what
// the machine allows. usage: echo_server PORT REPLY_BYTES
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM (1 << 20)
struct connection { int fd, greeted; size_t have; unsigned char in[ROOM], out[ROOM]; };

static void header(unsigned char *h, uint32_t length, int type, const unsigned char *call) {
  memset(h, 0, 16);
  h[1] = length >> 16; h[2] = length >> 8; h[3] = length; h[4] = type;
  if (call) memcpy(h + 8, call, 4);
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: echo_server PORT REPLY_BYTES\n"), 2;
  uint32_t reply = atoi(argv[2]);
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 128)) return perror("bind"), 1;
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[64];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int n = epoll_wait(poll, ready, 64, -1);
    for (int i = 0; i < n; i++) {
      struct connection *c = ready[i].data.ptr;
      if (!c) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        c = calloc(1, sizeof *c);
        c->fd = fd;
        event.data.ptr = c;
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
        continue;
      }
      ssize_t got = read(c->fd, c->in + c->have, ROOM - c->have);
      if (got <= 0) { close(c->fd); free(c); continue; }
      c->have += got;
      size_t at = 0, to = 0;
      if (!c->greeted) {
        if (c->have < 24) continue;
        c->greeted = 1;
        at = 8;
      }
      while (c->have - at >= 16 && to + 16 + reply < ROOM) {
        unsigned char *h = c->in + at;
        size_t length = (size_t)h[1] << 16 | h[2] << 8 | h[3];
        if (c->have - at < 16 + length) break;
        int hello = h[4] == 1;
        header(c->out + to, hello ? 0 : reply, hello ? 2 : 6, h + 8);
        to += 16 + (hello ? 0 : reply);
        at += 16 + length;
      }
      memmove(c->in, c->in + at, c->have -= at);
      for (size_t sent = 0; sent < to;) {
        ssize_t put = write(c->fd, c->out + sent, to - sent);
        if (put <= 0) break;
        sent += put;
      }
    }
  }
}
