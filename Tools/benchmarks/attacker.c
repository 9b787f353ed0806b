/* A peer that means harm, in many connections at once.
 *
 *   attacker --port P --kind KIND --connections N [--rate R] [--certificate C --key K --roots R]
 *
 * --kind: idle        greeted, then says nothing
 *         silent      not even that
 *         pings       a flood of PING
 *         resets      streams that read the whole log, each cancelled as soon as it is asked for
 *         connects    greets, breaks the connection, comes again
 *         slow        long frames, a byte at a time
 *         never-read  asks for the whole schema without end and reads nothing
 *         partial     the longest frames, all but their last byte
 *         unread      32 streams that read the whole log, and reads nothing
 *         handshakes  the first flight of a TLS handshake, gone when the answer comes, comes again
 * --certificate, --key, --roots: mutual TLS 1.3 (tls.h), which kind `handshakes` wants.
 * --rate: steps in a second, over all connections; without it as many as go. A step is one write.
 *
 * A connection that the server ends is made again. Prints "ready" when all are made the first time
 * and, at SIGTERM, one line of JSON: steps, bytes, and how often a connection was made. */
#include "tls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CANCEL = 8, FRAME_BYTES_MAX = 4 << 20, CHUNK_BYTES = 64 << 10, WATCH = 46, DESCRIBE = 2, READ_LOG = 64, STREAMS_MAX = 32 };
enum kind { IDLE, SILENT, PINGS, RESETS, CONNECTS, SLOW, NEVER_READ, PARTIAL, UNREAD, HANDSHAKES, KINDS };
static const char *const kind_names[KINDS] = {"idle", "silent", "pings", "resets",
                                              "connects", "slow", "never-read", "partial", "unread",
                                              "handshakes"};

struct peer {
  int socket; /* -1: to be made again */
  uint32_t next_call;
  uint32_t left; /* bytes of a frame that was begun */
  tls *tls;      /* NULL: plain */
};

static uint32_t port, connections;
static enum kind kind = KINDS;
static uint64_t rate, steps, bytes_sent, made;
static volatile sig_atomic_t stopped;
static uint8_t chunk[CHUNK_BYTES];
static struct tls_files files;
static uint8_t first_flight[4096];
static size_t first_flight_bytes;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

/* Without a wait for the other side, so that ports are free at once. */
static void drop(struct peer *p) {
  struct linger now = {1, 0};
  if (p->socket < 0) return;
  if (p->tls) tls_close(p->tls);
  p->tls = NULL;
  setsockopt(p->socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(p->socket);
  p->socket = -1;
}

static ssize_t put(struct peer *p, const uint8_t *from, size_t length) {
  return p->tls ? tls_write(p->tls, from, length) : send(p->socket, from, length, MSG_NOSIGNAL);
}

static void greet(struct peer *p) {
  static const uint8_t hello[] = {0x08, 0x01, 0x10, 0x01, 0x1A, 0x06, 'a', 't', 't', 'a', 'c', 'k'};
  uint8_t bytes[PREFACE_BYTES + HEADER_BYTES + sizeof hello];
  memcpy(bytes, preface, PREFACE_BYTES);
  put_header(bytes + PREFACE_BYTES, sizeof hello, HELLO, 0, 0, 0);
  memcpy(bytes + PREFACE_BYTES + HEADER_BYTES, hello, sizeof hello);
  if (put(p, bytes, sizeof bytes) < 0) drop(p);
}

static void make(struct peer *p, int epoll) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct timeval patience = {.tv_sec = 10};
  int on = 1, small = 16 << 10;
  p->next_call = 1;
  p->left = 0;
  p->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (p->socket < 0) die("attacker: %s: raise the limit of open files", strerror(errno));
  if (kind == NEVER_READ) setsockopt(p->socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  /* The server may be full, or slow to take it: the next turn tries again. */
  if (connect(p->socket, (struct sockaddr *)&address, sizeof address)) return drop(p);
  setsockopt(p->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  made++;
  if (kind == HANDSHAKES) {
    if (send(p->socket, first_flight, first_flight_bytes, MSG_NOSIGNAL) < 0) return drop(p);
  } else if (files.certificate) {
    /* Refused, or not answered in time: the next turn tries again. */
    setsockopt(p->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!(p->tls = tls_open(p->socket, &files))) return drop(p);
  }
  if (kind != SILENT && kind != HANDSHAKES) greet(p);
  if (p->socket < 0) return;
  fcntl(p->socket, F_SETFL, O_NONBLOCK);
  if (kind == NEVER_READ || kind == UNREAD) return;
  struct epoll_event event = {EPOLLIN, {.ptr = p}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, p->socket, &event);
}

/* What is sent counts only when it went out whole: the rest of a cut write would be no frame, so
 * chunks are whole frames and a cut one ends the connection. 0 when nothing went out. */
static int push(struct peer *p, const uint8_t *from, size_t length, int may_be_cut) {
  ssize_t n = put(p, from, length);
  if (n < 0 && errno == EAGAIN) return 0;
  if (n > 0) bytes_sent += (uint64_t)n;
  if (n < 0 || (!may_be_cut && (size_t)n < length)) drop(p);
  return n < 0 ? 0 : (int)n;
}

static size_t put_call(uint8_t *at, uint32_t id, uint32_t method, const uint8_t *request, uint32_t length) {
  put_header(at, CALL_HEAD_BYTES + length, CALL, FLAG_END, id, 0);
  put32(at + HEADER_BYTES, method);
  put32(at + HEADER_BYTES + 4, 0);
  if (length) memcpy(at + HEADER_BYTES + CALL_HEAD_BYTES, request, length);
  return HEADER_BYTES + CALL_HEAD_BYTES + length;
}

/* 0 when nothing could be done. */
static int step(struct peer *p, int epoll) {
  static const uint8_t from_the_beginning[] = {0x08, 0x00, 0x1A, 0x00};
  size_t used = 0;
  if (p->socket < 0) {
    make(p, epoll);
    return p->socket >= 0;
  }
  switch (kind) {
  case PINGS:
    for (; used + HEADER_BYTES <= 4096; used += HEADER_BYTES) put_header(chunk + used, 0, PING, 0, 0, 0);
    return push(p, chunk, used, 0);
  case RESETS:
    for (int i = 0; i < 32; i++, p->next_call++) {
      used += put_call(chunk + used, p->next_call, WATCH, from_the_beginning, sizeof from_the_beginning);
      put_header(chunk + used, 0, CANCEL, 0, p->next_call, 0);
      used += HEADER_BYTES;
    }
    return push(p, chunk, used, 0);
  case NEVER_READ:
    for (int i = 0; i < 64; i++) used += put_call(chunk + used, p->next_call++, DESCRIBE, NULL, 0);
    return push(p, chunk, used, 0);
  case UNREAD:
    /* Once: the server takes no more streams of one connection. */
    if (p->next_call > STREAMS_MAX) return 0;
    while (p->next_call <= STREAMS_MAX) used += put_call(chunk + used, p->next_call++, READ_LOG, NULL, 0);
    return push(p, chunk, used, 0);
  case CONNECTS:
  case HANDSHAKES:
    drop(p);
    make(p, epoll);
    return 1;
  case SLOW:
  case PARTIAL:
    if (!p->left) {
      put_header(chunk, FRAME_BYTES_MAX, CALL, FLAG_END, 1, 0);
      p->left = FRAME_BYTES_MAX;
      return push(p, chunk, HEADER_BYTES, 0);
    }
    if (p->left == 1) return 0;
    memset(chunk, 0, HEADER_BYTES);
    used = kind == SLOW ? 1 : p->left - 1 < CHUNK_BYTES ? p->left - 1 : CHUNK_BYTES;
    int n = push(p, chunk, used, 1);
    p->left -= (uint32_t)n;
    return n;
  default: return 0;
  }
}

/* Lets go what came, and sees whether the server has ended a connection. */
static void look(int epoll, int timeout_ms) {
  static uint8_t nothing[CHUNK_BYTES];
  struct epoll_event events[256];
  int ready = epoll_wait(epoll, events, 256, timeout_ms);
  for (int i = 0; i < ready; i++) {
    struct peer *p = events[i].data.ptr;
    if (p->socket < 0) continue;
    ssize_t n = recv(p->socket, nothing, sizeof nothing, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) drop(p);
  }
}

static void parse(int count, char **arguments) {
  for (int i = 1; i < count; i += 2) {
    const char *name = arguments[i], *value = arguments[i + 1];
    if (!value) die("attacker: %s wants a value", name);
    if (!strcmp(name, "--port")) port = (uint32_t)number(name, value, 1);
    else if (!strcmp(name, "--connections")) connections = (uint32_t)number(name, value, 1);
    else if (!strcmp(name, "--rate")) rate = number(name, value, 1);
    else if (!strcmp(name, "--certificate")) files.certificate = value;
    else if (!strcmp(name, "--key")) files.key = value;
    else if (!strcmp(name, "--roots")) files.roots = value;
    else if (!strcmp(name, "--kind")) {
      for (kind = 0; kind < KINDS && strcmp(value, kind_names[kind]);) kind++;
      if (kind == KINDS) die("attacker: there is no kind %s", value);
    } else die("attacker: unknown option %s", name);
  }
  if (!port || !connections || kind == KINDS) die("attacker: --port, --kind and --connections are wanted");
  if (!files.certificate != !files.key || !files.key != !files.roots || (kind == HANDSHAKES && !files.key))
    die("attacker: --certificate, --key and --roots go together");
}

int main(int count, char **arguments) {
  parse(count, arguments);
  struct rlimit open_files;
  getrlimit(RLIMIT_NOFILE, &open_files);
  open_files.rlim_cur = open_files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &open_files);
  signal(SIGTERM, stop);
  signal(SIGPIPE, SIG_IGN);
  if (kind == HANDSHAKES) first_flight_bytes = tls_first_flight(&files, first_flight, sizeof first_flight);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct peer *peers = must_allocate(connections * sizeof *peers);
  for (uint32_t i = 0; i < connections; i++) {
    make(&peers[i], epoll);
    if (i % 64 == 0) look(epoll, 0);
  }
  printf("ready\n");
  fflush(stdout);

  uint64_t begun = now_ns();
  uint32_t idle = 0;
  for (uint64_t turn = 0; !stopped; turn++) {
    uint64_t due = begun + (rate ? (uint64_t)((double)turn * 1e9 / (double)rate) : 0), now = now_ns();
    if (due > now + 1000000) look(epoll, (int)((due - now) / 1000000));
    else if (turn % 16 == 0) look(epoll, 0);
    int did = step(&peers[turn % connections], epoll);
    steps += did > 0;
    idle = did ? 0 : idle + 1;
    /* Nobody takes anything: no need to ask them all over again at once. */
    if (idle >= connections) {
      look(epoll, 5);
      idle = 0;
    }
  }
  uint32_t there = 0;
  for (uint32_t i = 0; i < connections; i++) there += peers[i].socket >= 0;
  printf("{\"steps\": %llu, \"bytes\": %llu, \"made\": %llu, \"there\": %u}\n", (unsigned long long)steps,
         (unsigned long long)bytes_sent, (unsigned long long)made, there);
  return 0;
}
