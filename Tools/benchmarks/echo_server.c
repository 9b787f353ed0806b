/* The least that a server of this wire can do: greets, and answers each CALL with a RESULT of a
 * fixed size. One thread, epoll, all frames of a read answered by one write.
 *
 *   echo_server --reply-bytes N [--port P]
 *
 * Listens on 127.0.0.1 and prints "ready PORT". Runs until it is killed. */
#include "common.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_BYTES = 256 << 10, OUT_BYTES = 4 << 20, EVENTS_MAX = 64 };

struct connection {
  int socket;
  int greeted; /* 1 once the preface was read */
  size_t in_used, out_used, out_sent;
  uint8_t in[IN_BYTES];
  uint8_t out[OUT_BYTES];
};

static uint32_t reply_bytes = 250;

static void end(struct connection *c) {
  close(c->socket);
  free(c);
}

/* Writes what it can. 0 when the peer is gone. */
static int flush(struct connection *c, int epoll) {
  int waited = c->out_sent > 0;
  while (c->out_sent < c->out_used) {
    ssize_t n = write(c->socket, c->out + c->out_sent, c->out_used - c->out_sent);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN) return 0;
    if (n < 0) break;
    c->out_sent += (size_t)n;
  }
  int waits = c->out_sent < c->out_used;
  if (!waits) c->out_used = c->out_sent = 0;
  if (waits || waited) {
    struct epoll_event event = {waits ? EPOLLOUT : EPOLLIN, {.ptr = c}};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->socket, &event);
  }
  return 1;
}

/* Answers one frame. 0 when it is none that this server knows. */
static int answer(struct connection *c, const uint8_t *header) {
  /* HELLO_OK: version 1, frame_length_max 4 MiB, calls_max 256. */
  static const uint8_t hello_ok[] = {0x08, 0x01, 0x20, 0x80, 0x80, 0x80, 0x02, 0x28, 0x80, 0x02};
  uint8_t *at = c->out + c->out_used;
  switch (header[4]) {
  case HELLO:
    put_header(at, sizeof hello_ok, HELLO_OK, 0, 0, 0);
    memcpy(at + HEADER_BYTES, hello_ok, sizeof hello_ok);
    c->out_used += HEADER_BYTES + sizeof hello_ok;
    return 1;
  case CALL:
    put_header(at, reply_bytes, RESULT, 0, get32(header + 8), 0);
    memset(at + HEADER_BYTES, 0x5A, reply_bytes);
    /* Reads as a message whose field 1 is 1, so that the client's check is the same for both. */
    if (reply_bytes >= 2) memcpy(at + HEADER_BYTES, "\x08\x01", 2);
    c->out_used += HEADER_BYTES + reply_bytes;
    return 1;
  case PING:
    put_header(at, 0, PONG, 0, 0, get32(header + 12));
    c->out_used += HEADER_BYTES;
    return 1;
  case PONG:
  case GOAWAY:
    return 1;
  default:
    return 0;
  }
}

/* Reads once, answers every whole frame, writes once. 0 when the connection is over. */
static int serve(struct connection *c, int epoll) {
  ssize_t n = read(c->socket, c->in + c->in_used, IN_BYTES - c->in_used);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n == 0) return 0;
  c->in_used += (size_t)n;
  size_t at = 0;
  if (!c->greeted) {
    if (c->in_used < PREFACE_BYTES) return 1;
    if (memcmp(c->in, preface, PREFACE_BYTES)) return 0;
    c->greeted = 1;
    at = PREFACE_BYTES;
  }
  while (c->in_used - at >= HEADER_BYTES) {
    size_t whole = HEADER_BYTES + (get32(c->in + at) & 0xFFFFFF);
    if (whole > IN_BYTES) return 0;
    if (c->in_used - at < whole) break;
    if (OUT_BYTES - c->out_used < HEADER_BYTES + reply_bytes + 64) return 0;
    if (!answer(c, c->in + at)) return 0;
    at += whole;
  }
  c->in_used -= at;
  if (at && c->in_used) memmove(c->in, c->in + at, c->in_used);
  return flush(c, epoll);
}

int main(int count, char **arguments) {
  uint64_t port = 0;
  for (int i = 1; i < count; i += 2) {
    const char *name = arguments[i], *value = arguments[i + 1];
    if (!strcmp(name, "--port")) port = number(name, value, 0);
    else if (!strcmp(name, "--reply-bytes")) reply_bytes = (uint32_t)number(name, value, 0);
    else die("echo_server: unknown option %s", name);
  }
  if (reply_bytes > PAYLOAD_BYTES_MAX) die("echo_server: --reply-bytes is at most %d", PAYLOAD_BYTES_MAX);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 128) ||
      getsockname(listener, (struct sockaddr *)&address, &length))
    die("echo_server: %s", strerror(errno));
  printf("ready %d\n", ntohs(address.sin_port));
  fflush(stdout);

  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {EPOLLIN, {.ptr = NULL}}, events[EVENTS_MAX];
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS_MAX, -1);
    for (int i = 0; i < ready; i++) {
      struct connection *c = events[i].data.ptr;
      if (c) {
        int goes_on = events[i].events & EPOLLOUT ? flush(c, epoll) : serve(c, epoll);
        if (!goes_on) end(c);
        continue;
      }
      int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (accepted < 0) continue;
      setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      c = must_allocate(sizeof *c);
      c->socket = accepted;
      event = (struct epoll_event){EPOLLIN, {.ptr = c}};
      epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event);
    }
  }
}
