/* TLS 1.3 under the load generator and the attacker, where OpenSSL's headers are installed: this side shows a
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

static inline tls *tls_new(const struct tls_files *files) {
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
      die("the certificate, its key or the roots: %s", ERR_error_string(ERR_get_error(), NULL));
  }
  return SSL_new(context);
}

static inline void tls_close(tls *t) { SSL_free(t); }

/* Over a socket that still blocks; NULL where the other side did not want it. */
static inline tls *tls_open(int socket, const struct tls_files *files) {
  tls *t = tls_new(files);
  if (SSL_set_fd(t, socket) == 1 && SSL_connect(t) == 1) return t;
  tls_close(t);
  return NULL;
}

static inline const char *tls_error(void) { return ERR_error_string(ERR_get_error(), NULL); }

/* The first flight of a handshake, without a socket: its length. */
static inline size_t tls_first_flight(const struct tls_files *files, uint8_t *into, size_t bytes) {
  tls *t = tls_new(files);
  BIO *out = BIO_new(BIO_s_mem());
  SSL_set_bio(t, BIO_new(BIO_s_mem()), out);
  SSL_connect(t);
  int length = BIO_read(out, into, (int)bytes);
  tls_close(t);
  return length < 0 ? 0 : (size_t)length;
}

/* As `recv` and `send` are: -1 with EAGAIN where there is nothing, or no room. */
static inline ssize_t tls_result(tls *t, int result) {
  if (result > 0) return result;
  int error = SSL_get_error(t, result);
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
  return -1;
}

static inline ssize_t tls_read(tls *t, uint8_t *into, size_t bytes) {
  return tls_result(t, SSL_read(t, into, (int)bytes));
}

static inline ssize_t tls_write(tls *t, const uint8_t *from, size_t bytes) {
  return tls_result(t, SSL_write(t, from, (int)bytes));
}

/* Bytes that are decrypted and not read: no event tells of them. */
static inline int tls_pending(const tls *t) { return SSL_pending(t); }

#else

typedef struct tls tls;

static inline tls *tls_open(int socket, const struct tls_files *files) {
  (void)socket, (void)files;
  die("TLS wants a build with libssl-dev");
}

static inline void tls_close(tls *t) { (void)t; }

static inline const char *tls_error(void) { return "none"; }

static inline size_t tls_first_flight(const struct tls_files *files, uint8_t *into, size_t bytes) {
  (void)into, (void)bytes;
  tls_open(-1, files);
  return 0;
}

static inline ssize_t tls_read(tls *t, uint8_t *into, size_t bytes) {
  (void)t, (void)into, (void)bytes;
  return -1;
}

static inline ssize_t tls_write(tls *t, const uint8_t *from, size_t bytes) {
  (void)t, (void)from, (void)bytes;
  return -1;
}

static inline int tls_pending(const tls *t) {
  (void)t;
  return 0;
}

#endif

#endif
