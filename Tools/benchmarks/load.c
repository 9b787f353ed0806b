/* The load generator: the same client for the registry and for the echo server.
 *
 *   load --port P --method M --payloads FILE [--order random|once] [--skip N] [--calls N]
 *        [--connections C] [--in-flight D] [--rate R] [--seconds S] [--warm-ms MS]
 *        [--check none|known|recorded] [--certificate PEM --key PEM --roots PEM]
 *
 * --payloads: requests, each after its length as 32 bits, big-endian. With `--order once` each is
 * sent once, in the file's order from the one numbered --skip, so that a later round begins where
 * the one before ended. --calls bounds how many are sent.
 * --rate: calls in a second, each due at its own moment whatever became of those before it, and timed
 * from that moment; without it each connection keeps --in-flight calls open.
 * --certificate, --key, --roots: TLS 1.3 with a certificate at either end (tls.h).
 * --check: `known` wants an answer that begins with a credential's status other than unknown,
 * `recorded` wants every outcome of a RecordReply to be a recording that was not made before. A
 * STATUS, or an answer that fails its check, counts as an error.
 *
 * One thread, epoll, one write for all calls that a read set free. Prints one line of JSON; exits
 * with 1 when there were errors, with 2 when it could not run. */
#include "answers.h"
#include "requests.h"
#include "tls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_BYTES = 1 << 20, CONNECTIONS_MAX = 1024, IN_FLIGHT_MAX = 256, TIMEOUT_MS = 30000 };

struct connection {
  int socket;
  tls *tls; /* NULL: plain */
  size_t in_used, out_used, out_sent, out_room;
  uint8_t *in, *out;
  uint64_t sent_at[IN_FLIGHT_MAX + 1]; /* by call id; 0: not in flight */
  uint32_t free_ids[IN_FLIGHT_MAX], free_count; /* where calls are paced */
};

static struct {
  uint32_t port, method, connections, in_flight;
  uint64_t seconds, warm_ms, skip, calls_max, rate;
  struct tls_files tls;
  const char *payloads;
  int once;
  enum check check;
} options = {.method = 32, .connections = 1, .in_flight = 1, .seconds = 3, .warm_ms = 200,
             .calls_max = UINT64_MAX};

static uint64_t random_state = 0x2545F491;
static uint64_t sent, answered, counted, errors, reply_bytes_total, begun, counting_from, stop_at;
static char first_error[200];

static void failed(const char *what, const uint8_t *bytes, uint32_t length) {
  if (errors++) return;
  size_t at = (size_t)snprintf(first_error, sizeof first_error, "%s: ", what);
  for (uint32_t i = 0; i < length && at < sizeof first_error - 1; i++)
    first_error[at++] = bytes[i] >= ' ' && bytes[i] < 127 && bytes[i] != '"' && bytes[i] != '\\' ? (char)bytes[i] : '.';
}

/* Puts one call into the buffer, if there is one left to send. */
static void call(struct connection *c, uint32_t id, uint64_t now) {
  const struct request *request;
  if (now >= stop_at || sent >= options.calls_max) return;
  if (options.once) {
    if (options.skip + sent >= request_count) return;
    request = &requests[options.skip + sent];
  } else {
    request = &requests[random64(&random_state) % request_count];
  }
  size_t whole = HEADER_BYTES + CALL_HEAD_BYTES + request->length;
  if (c->out_room - c->out_used < whole) {
    c->out_room = (c->out_used + whole) * 2;
    c->out = realloc(c->out, c->out_room);
    if (!c->out) die("load: no memory for what is to be sent");
  }
  uint8_t *at = c->out + c->out_used;
  put_header(at, CALL_HEAD_BYTES + request->length, CALL, FLAG_END, id, TIMEOUT_MS);
  put32(at + HEADER_BYTES, options.method);
  put32(at + HEADER_BYTES + 4, 1);
  memcpy(at + HEADER_BYTES + CALL_HEAD_BYTES, request->bytes, request->length);
  c->out_used += whole;
  c->sent_at[id] = now;
  sent++;
}

static ssize_t send_some(struct connection *c, const uint8_t *from, size_t bytes) {
  return c->tls ? tls_write(c->tls, from, bytes) : send(c->socket, from, bytes, MSG_NOSIGNAL);
}

static ssize_t receive_some(struct connection *c, uint8_t *into, size_t bytes) {
  if (!c->tls) return recv(c->socket, into, bytes, 0);
  /* A record holds little: all that have come, as one `recv` would give them. */
  size_t used = 0;
  ssize_t n = 0;
  while (used < bytes && (n = tls_read(c->tls, into + used, bytes - used)) > 0) used += (size_t)n;
  return used ? (ssize_t)used : n;
}

static void flush(struct connection *c, int epoll) {
  int waited = c->out_sent > 0;
  while (c->out_sent < c->out_used) {
    ssize_t n = send_some(c, c->out + c->out_sent, c->out_used - c->out_sent);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN) die("load: the server closed: %s", strerror(errno));
    if (n < 0) break;
    c->out_sent += (size_t)n;
  }
  int waits = c->out_sent < c->out_used;
  if (!waits) c->out_used = c->out_sent = 0;
  if (waits || waited) {
    struct epoll_event event = {EPOLLIN | (waits ? EPOLLOUT : 0), {.ptr = c}};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->socket, &event);
  }
}

static void answer(struct connection *c, const uint8_t *frame, uint32_t length, uint64_t now) {
  uint8_t type = frame[4];
  uint32_t id = get32(frame + 8);
  const uint8_t *payload = frame + HEADER_BYTES;
  if (type == PING) die("load: the server pings: it is going away");
  if (type == GOAWAY) die("load: the server ended the connection: %.*s", (int)length, payload);
  if (type != RESULT && type != STATUS) die("load: a frame of type %u came", type);
  if (id == 0 || id > options.in_flight || !c->sent_at[id]) die("load: an answer to call %u, which is not open", id);
  answered++;
  if (type == STATUS) failed("STATUS", payload, length);
  else if (!passes(options.check, payload, length)) failed("not the answer that was expected", payload, length);
  /* Counted by when it came, so that the warm-up and the last answers are left out alike. */
  if (now >= counting_from && now < stop_at) {
    counted++;
    reply_bytes_total += length;
    histogram[bucket(now - c->sent_at[id])]++;
  }
  c->sent_at[id] = 0;
  if (options.rate) c->free_ids[c->free_count++] = id;
  else call(c, id, now);
}

/* The moment of the next paced call. */
static uint64_t next_due(void) {
  return begun + (uint64_t)((double)sent * 1e9 / (double)options.rate);
}

/* Begins the paced calls that are due, on the connections in turn. One that finds no call id free is
 * late, which is said by 0; it is timed from its moment all the same. */
static int begin_due(struct connection **all, int epoll) {
  static uint32_t turn;
  uint64_t now = now_ns();
  int all_begun = 1;
  for (uint64_t due; (due = next_due()) <= now && due < stop_at;) {
    uint32_t tried = 0;
    while (tried < options.connections && !all[turn % options.connections]->free_count) tried++, turn++;
    if (tried == options.connections) {
      all_begun = 0;
      break;
    }
    struct connection *c = all[turn++ % options.connections];
    uint64_t before = sent;
    call(c, c->free_ids[--c->free_count], due);
    if (sent == before) break; /* nothing is left to send */
  }
  for (uint32_t i = 0; i < options.connections; i++)
    if (all[i]->out_used > all[i]->out_sent) flush(all[i], epoll);
  return all_begun;
}

static void receive(struct connection *c, int epoll) {
  do {
    ssize_t n = receive_some(c, c->in + c->in_used, IN_BYTES - c->in_used);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (n <= 0) die("load: the server closed the connection");
    c->in_used += (size_t)n;
    size_t at = 0;
    uint64_t now = now_ns();
    while (c->in_used - at >= HEADER_BYTES) {
      uint32_t length = get32(c->in + at) & 0xFFFFFF;
      if (length > PAYLOAD_BYTES_MAX) die("load: a frame of %u bytes came", length);
      if (c->in_used - at < HEADER_BYTES + length) break;
      answer(c, c->in + at, length, now);
      at += HEADER_BYTES + length;
    }
    c->in_used -= at;
    if (at && c->in_used) memmove(c->in, c->in + at, c->in_used);
  } while (c->tls && tls_pending(c->tls));
  flush(c, epoll);
}

static void read_whole(struct connection *c, uint8_t *into, size_t bytes) {
  while (bytes) {
    ssize_t n = receive_some(c, into, bytes);
    if (n < 0 && errno == EAGAIN) die("load: no greeting came within 5 s");
    if (n <= 0) die("load: the server closed before it greeted");
    into += n;
    bytes -= (size_t)n;
  }
}

static void greet(struct connection *c) {
  static const uint8_t hello[] = {0x08, 0x01, 0x10, 0x01, 0x1A, 0x04, 'l', 'o', 'a', 'd'};
  uint8_t bytes[PREFACE_BYTES + HEADER_BYTES + sizeof hello], header[HEADER_BYTES], body[4096];
  memcpy(bytes, preface, PREFACE_BYTES);
  put_header(bytes + PREFACE_BYTES, sizeof hello, HELLO, 0, 0, 0);
  memcpy(bytes + PREFACE_BYTES + HEADER_BYTES, hello, sizeof hello);
  if (send_some(c, bytes, sizeof bytes) != (ssize_t)sizeof bytes)
    die("load: the server closed before it was greeted");
  read_whole(c, header, sizeof header);
  uint32_t length = get32(header) & 0xFFFFFF;
  if (header[4] != HELLO_OK || length > sizeof body) die("load: HELLO was answered with type %u", header[4]);
  read_whole(c, body, length);
}

static struct connection *open_connection(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct connection *c = must_allocate(sizeof *c);
  struct timeval patience = {.tv_sec = 5};
  int on = 1;
  c->in = must_allocate(IN_BYTES);
  c->out = must_allocate(c->out_room = 1 << 16);
  c->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(c->socket, (struct sockaddr *)&address, sizeof address)) die("load: port %u: %s", options.port, strerror(errno));
  setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(c->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (options.tls.certificate && !(c->tls = tls_open(c->socket, &options.tls)))
    die("load: no TLS: %s", tls_error());
  greet(c);
  fcntl(c->socket, F_SETFL, O_NONBLOCK);
  return c;
}

static void parse(int count, char **arguments) {
  for (int i = 1; i < count; i += 2) {
    const char *name = arguments[i], *value = arguments[i + 1];
    if (!value) die("load: %s wants a value", name);
    if (!strcmp(name, "--port")) options.port = (uint32_t)number(name, value, 1);
    else if (!strcmp(name, "--method")) options.method = (uint32_t)number(name, value, 1);
    else if (!strcmp(name, "--connections")) options.connections = (uint32_t)number(name, value, 1);
    else if (!strcmp(name, "--in-flight")) options.in_flight = (uint32_t)number(name, value, 1);
    else if (!strcmp(name, "--rate")) options.rate = number(name, value, 1);
    else if (!strcmp(name, "--certificate")) options.tls.certificate = value;
    else if (!strcmp(name, "--key")) options.tls.key = value;
    else if (!strcmp(name, "--roots")) options.tls.roots = value;
    else if (!strcmp(name, "--seconds")) options.seconds = number(name, value, 1);
    else if (!strcmp(name, "--warm-ms")) options.warm_ms = number(name, value, 0);
    else if (!strcmp(name, "--skip")) options.skip = number(name, value, 0);
    else if (!strcmp(name, "--calls")) options.calls_max = number(name, value, 1);
    else if (!strcmp(name, "--payloads")) options.payloads = value;
    else if (!strcmp(name, "--order")) {
      if (strcmp(value, "random") && strcmp(value, "once")) die("load: --order is random or once");
      options.once = !strcmp(value, "once");
    } else if (!strcmp(name, "--check")) {
      if (!strcmp(value, "none")) options.check = CHECK_NONE;
      else if (!strcmp(value, "known")) options.check = CHECK_KNOWN;
      else if (!strcmp(value, "recorded")) options.check = CHECK_RECORDED;
      else die("load: --check is none, known or recorded");
    } else die("load: unknown option %s", name);
  }
  if (!options.port || !options.payloads) die("load: --port and --payloads are wanted");
  if (!options.tls.certificate != !options.tls.key || !options.tls.key != !options.tls.roots)
    die("load: --certificate, --key and --roots go together");
  if (options.connections > CONNECTIONS_MAX || options.in_flight > IN_FLIGHT_MAX)
    die("load: at most %d connections and %d in flight on each", CONNECTIONS_MAX, IN_FLIGHT_MAX);
}

int main(int count, char **arguments) {
  parse(count, arguments);
  read_payloads(options.payloads);
  if (request_count == 0 || (options.once && options.skip >= request_count))
    die("load: there is nothing to send");

  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct connection **all = must_allocate(options.connections * sizeof *all);
  for (uint32_t i = 0; i < options.connections; i++) all[i] = open_connection();
  /* So that a paced call is not begun 50 us late, which is what a thread's timers are given. */
  prctl(PR_SET_TIMERSLACK, 1);
  begun = now_ns();
  counting_from = begun + options.warm_ms * 1000000u;
  stop_at = counting_from + options.seconds * 1000000000u;
  for (uint32_t i = 0; i < options.connections; i++) {
    struct connection *c = all[i];
    struct epoll_event event = {EPOLLIN, {.ptr = c}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->socket, &event);
    for (uint32_t id = 1; id <= options.in_flight; id++)
      if (options.rate) c->free_ids[c->free_count++] = id;
      else call(c, id, now_ns());
    flush(c, epoll);
  }

  struct epoll_event events[64];
  uint64_t last = begun;
  int all_begun = 1;
  while (answered < sent || (options.rate && next_due() < stop_at && sent < options.calls_max)) {
    /* Without a free call id only an answer helps. */
    uint64_t due = options.rate && all_begun ? next_due() : UINT64_MAX, now = now_ns();
    uint64_t wait = due > now + 1000000000u ? 1000000000u : due > now ? due - now : 0;
    struct timespec timeout = {(time_t)(wait / 1000000000u), (long)(wait % 1000000000u)};
    int ready = epoll_pwait2(epoll, events, 64, &timeout, NULL);
    now = now_ns();
    if (ready > 0 || answered == sent) last = now;
    if (now > last + 10000000000u) die("load: no answer for 10 s; %llu calls are open", (unsigned long long)(sent - answered));
    for (int i = 0; i < ready; i++) {
      struct connection *c = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) flush(c, epoll);
      if (events[i].events & ~(uint32_t)EPOLLOUT) receive(c, epoll);
    }
    if (options.rate) all_begun = begin_due(all, epoll);
  }
  uint64_t ended = now_ns() < stop_at ? now_ns() : stop_at;
  double elapsed = ended > counting_from ? (double)(ended - counting_from) / 1e9 : 0;
  printf("{\"calls\": %llu, \"counted\": %llu, \"seconds\": %.3f, \"per_second\": %.1f, \"p50_us\": %.1f, "
         "\"p99_us\": %.1f, \"reply_bytes\": %.1f, \"errors\": %llu, \"first_error\": \"%s\"}\n",
         (unsigned long long)sent, (unsigned long long)counted, elapsed, elapsed > 0 ? (double)counted / elapsed : 0,
         percentile(counted, 0.5), percentile(counted, 0.99), counted ? (double)reply_bytes_total / (double)counted : 0,
         (unsigned long long)errors, first_error);
  return errors ? 1 : 0;
}
