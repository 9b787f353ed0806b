/* TLS 1.3 under the load generator, where OpenSSL's headers are installed: this side shows a
 * certificate, wants one that the roots vouch for, and offers the protocol's name. */
#ifndef UJUZI_BENCH_TLS_H
#define UJUZI_BENCH_TLS_H

#include "common.h"

#include <sys/types.h>

struct tls_files {
  const char *certificate, *key, *roots;
};

#if __has_include(<openssl/ssl.h>)

#include <openssl/err.h>
#include <openssl/ssl.h>

typedef SSL tls;

/* Over a socket that still blocks. */
static tls *tls_open(int socket, const struct tls_files *files) {
  static SSL_CTX *context;
  static const unsigned char protocol[] = "\x07ujuzi/1";
  if (!context) {
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_load_verify_locations(context, files->roots, NULL) != 1 ||
        SSL_CTX_set_alpn_protos(context, protocol, sizeof protocol - 1) != 0)
      die("load: the certificate, its key or the roots: %s", ERR_error_string(ERR_get_error(), NULL));
  }
  tls *t = SSL_new(context);
  if (SSL_set_fd(t, socket) != 1 || SSL_connect(t) != 1)
    die("load: no TLS: %s", ERR_error_string(ERR_get_error(), NULL));
  return t;
}

/* As `recv` and `send` are: -1 with EAGAIN where there is nothing, or no room. */
static ssize_t tls_result(tls *t, int result) {
  if (result > 0) return result;
  int error = SSL_get_error(t, result);
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
  return -1;
}

static ssize_t tls_read(tls *t, uint8_t *into, size_t bytes) {
  return tls_result(t, SSL_read(t, into, (int)bytes));
}

static ssize_t tls_write(tls *t, const uint8_t *from, size_t bytes) {
  return tls_result(t, SSL_write(t, from, (int)bytes));
}

/* Bytes that are decrypted and not read: no event tells of them. */
static int tls_pending(const tls *t) { return SSL_pending(t); }

#else

typedef struct tls tls;

static tls *tls_open(int socket, const struct tls_files *files) {
  (void)socket, (void)files;
  die("load: TLS wants a build with libssl-dev");
}

static ssize_t tls_read(tls *t, uint8_t *into, size_t bytes) {
  (void)t, (void)into, (void)bytes;
  return -1;
}

static ssize_t tls_write(tls *t, const uint8_t *from, size_t bytes) {
  (void)t, (void)from, (void)bytes;
  return -1;
}

static int tls_pending(const tls *t) {
  (void)t;
  return 0;
}

#endif

#endif
