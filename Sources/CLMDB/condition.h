#pragma once
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* A lock and a condition whose timed waits follow the machine's steady clock (CLOCK_MONOTONIC). */
struct ujuzi_condition {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
};

/* NULL where there is no memory. */
static inline void *ujuzi_condition_new(void) {
  struct ujuzi_condition *made = (struct ujuzi_condition *)malloc(sizeof(struct ujuzi_condition));
  if (!made) return NULL;
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(&made->mutex, NULL);
  pthread_cond_init(&made->condition, &attributes);
  pthread_condattr_destroy(&attributes);
  return made;
}

static inline void ujuzi_condition_free(void *it) {
  struct ujuzi_condition *one = (struct ujuzi_condition *)it;
  pthread_cond_destroy(&one->condition);
  pthread_mutex_destroy(&one->mutex);
  free(one);
}

static inline void ujuzi_condition_lock(void *it) {
  pthread_mutex_lock(&((struct ujuzi_condition *)it)->mutex);
}

static inline void ujuzi_condition_unlock(void *it) {
  pthread_mutex_unlock(&((struct ujuzi_condition *)it)->mutex);
}

static inline void ujuzi_condition_broadcast(void *it) {
  pthread_cond_broadcast(&((struct ujuzi_condition *)it)->condition);
}

static inline void ujuzi_condition_wait(void *it) {
  struct ujuzi_condition *one = (struct ujuzi_condition *)it;
  pthread_cond_wait(&one->condition, &one->mutex);
}

/* 0 when the time was up first. */
static inline int ujuzi_condition_wait_ns(void *it, int64_t nanoseconds) {
  struct ujuzi_condition *one = (struct ujuzi_condition *)it;
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  int64_t sum = until.tv_nsec + nanoseconds % 1000000000;
  until.tv_sec += nanoseconds / 1000000000 + sum / 1000000000;
  until.tv_nsec = sum % 1000000000;
  return pthread_cond_timedwait(&one->condition, &one->mutex, &until) != ETIMEDOUT;
}
