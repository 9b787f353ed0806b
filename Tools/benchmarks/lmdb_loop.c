// The registry's writes in plain C: a synced log and unsynced views, four puts an event, 200,000
// officers. The baseline of durable recording.
// usage: lmdb_loop FOLDER BATCH SECONDS   (prints events per second)
#include <lmdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define OFFICERS 200000
#define CHECK(call)                                                                    \
  do {                                                                                 \
    int code = (call);                                                                 \
    if (code) { fprintf(stderr, "%s: %s\n", #call, mdb_strerror(code)); exit(1); }     \
  } while (0)

static uint64_t state = 88172645463325252ull;
static uint64_t random64(void) {
  state ^= state << 13; state ^= state >> 7; state ^= state << 17;
  return state;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void put(MDB_txn *txn, MDB_dbi dbi, void *k, size_t kn, void *v, size_t vn, unsigned flags) {
  MDB_val key = {kn, k}, value = {vn, v};
  CHECK(mdb_put(txn, dbi, &key, &value, flags));
}

static MDB_env *open_env(const char *folder, const char *name, unsigned flags) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  mkdir(path, 0700);
  MDB_env *env;
  CHECK(mdb_env_create(&env));
  CHECK(mdb_env_set_mapsize(env, (size_t)64 << 30));
  CHECK(mdb_env_set_maxdbs(env, 8));
  CHECK(mdb_env_open(env, path, flags | MDB_NOTLS, 0600));
  return env;
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "usage: lmdb_loop FOLDER BATCH SECONDS\n"), 2;
  int batch = atoi(argv[2]);
  double seconds = atof(argv[3]);
  mkdir(argv[1], 0700);
  MDB_env *log = open_env(argv[1], "log", 0), *views = open_env(argv[1], "views", MDB_NOSYNC);
  MDB_dbi events, ids, heads, index, rows;
  MDB_txn *txn, *views_txn;
  CHECK(mdb_txn_begin(log, NULL, 0, &txn));
  CHECK(mdb_dbi_open(txn, "events", MDB_CREATE | MDB_INTEGERKEY, &events));
  CHECK(mdb_txn_commit(txn));
  CHECK(mdb_txn_begin(views, NULL, 0, &txn));
  CHECK(mdb_dbi_open(txn, "ids", MDB_CREATE, &ids));
  CHECK(mdb_dbi_open(txn, "heads", MDB_CREATE, &heads));
  CHECK(mdb_dbi_open(txn, "index", MDB_CREATE, &index));
  CHECK(mdb_dbi_open(txn, "rows", MDB_CREATE, &rows));
  unsigned char value[300] = {1}, key[32];
  for (uint64_t i = 0; i < OFFICERS; i++) {
    snprintf((char *)key, sizeof key, "%016llx", (unsigned long long)i);
    put(txn, heads, key, 16, value, 64, 0);
    put(txn, rows, key, 16, value, 300, 0);
  }
  CHECK(mdb_txn_commit(txn));
  uint64_t position = 0;
  double begun = now(), end = begun + seconds;
  while (now() < end) {
    CHECK(mdb_txn_begin(views, NULL, 0, &views_txn));
    CHECK(mdb_txn_begin(log, NULL, 0, &txn));
    for (int i = 0; i < batch; i++, position++) {
      uint64_t id[2] = {random64(), random64()}, officer = random64() % OFFICERS;
      put(views_txn, ids, id, 16, &position, 8, 0);
      snprintf((char *)key, 17, "%016llx", (unsigned long long)officer);
      put(views_txn, heads, key, 16, value, 64, 0);
      for (int b = 0; b < 8; b++) key[16 + b] = position >> (56 - 8 * b);
      put(views_txn, index, key, 24, &position, 8, 0);
      put(views_txn, rows, key, 16, value, 300, 0);
      put(txn, events, &position, 8, value, 300, MDB_APPEND);
    }
    CHECK(mdb_txn_commit(txn));
    CHECK(mdb_txn_commit(views_txn));
  }
  printf("%.1f\n", position / (now() - begun));
  return 0;
}
