/* The design's writes and nothing else: what a durable append costs in plain C.
 *
 * A synced log (position -> the event's bytes, appended) beside unsynced views with four puts an
 * event. Order of a batch: begin views, puts; append to the log, commit with sync; commit views.
 *
 *   lmdb_loop --folder DIR --batch N [--seconds S] [--events N] [--officers N]
 *
 * DIR must exist; `log/` and `views/` are made in it. Prints one line of JSON. */
#include "common.h"

#include <lmdb.h>
#include <sys/stat.h>

enum {
  EVENT_BYTES = 300,
  EVENT_ID_BYTES = 16,
  OFFICER_ID_BYTES = 16,
  HEAD_BYTES = 64,
  MODEL_BYTES = 300,
};

static void check(int code, const char *what) {
  if (code) die("lmdb_loop: %s: %s", what, mdb_strerror(code));
}

static MDB_env *open_environment(const char *folder, const char *name, unsigned flags) {
  char path[4096];
  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
    die("lmdb_loop: the folder's name is too long");
  if (mkdir(path, 0700) && errno != EEXIST) die("lmdb_loop: %s: %s", path, strerror(errno));
  MDB_env *environment;
  check(mdb_env_create(&environment), "create");
  check(mdb_env_set_mapsize(environment, (size_t)64 << 30), "map size");
  check(mdb_env_set_maxdbs(environment, 8), "tables");
  check(mdb_env_open(environment, path, flags, 0600), path);
  return environment;
}

static void put(MDB_txn *txn, MDB_dbi table, const void *key, size_t key_bytes, const void *value,
                size_t value_bytes, unsigned flags) {
  MDB_val k = {key_bytes, (void *)key}, v = {value_bytes, (void *)value};
  check(mdb_put(txn, table, &k, &v, flags), "put");
}

/* Officers' ids look random, as those of UUIDv5 do, and are the same in every run. */
static void officer_id(uint64_t number, uint8_t id[OFFICER_ID_BYTES]) {
  uint64_t state = number * 0x9E3779B97F4A7C15u + 1;
  for (int half = 0; half < 2; half++) {
    uint64_t word = random64(&state);
    memcpy(id + 8 * half, &word, 8);
  }
}

int main(int count, char **arguments) {
  const char *folder = NULL;
  uint64_t batch = 1, seconds = 5, events_max = 100000000, officers = 200000;
  for (int i = 1; i < count; i += 2) {
    const char *name = arguments[i], *value = arguments[i + 1];
    if (!strcmp(name, "--folder")) folder = value;
    else if (!strcmp(name, "--batch")) batch = number(name, value, 1);
    else if (!strcmp(name, "--seconds")) seconds = number(name, value, 1);
    else if (!strcmp(name, "--events")) events_max = number(name, value, 1);
    else if (!strcmp(name, "--officers")) officers = number(name, value, 1);
    else die("lmdb_loop: unknown option %s", name);
  }
  if (!folder) die("lmdb_loop: --folder is wanted");

  MDB_env *log = open_environment(folder, "log", 0);
  MDB_env *views = open_environment(folder, "views", MDB_NOSYNC);
  MDB_txn *txn;
  MDB_dbi events, ids, heads, subjects, models;
  check(mdb_txn_begin(log, NULL, 0, &txn), "begin");
  check(mdb_dbi_open(txn, "events", MDB_CREATE | MDB_INTEGERKEY, &events), "table");
  MDB_stat stat;
  check(mdb_stat(txn, events, &stat), "stat");
  check(mdb_txn_commit(txn), "commit");
  uint64_t position = stat.ms_entries;

  uint8_t officer[OFFICER_ID_BYTES], key[OFFICER_ID_BYTES + 8], value[EVENT_BYTES];
  memset(value, 0x5A, sizeof value);
  check(mdb_txn_begin(views, NULL, 0, &txn), "begin");
  check(mdb_dbi_open(txn, "ids", MDB_CREATE, &ids), "table");
  check(mdb_dbi_open(txn, "heads", MDB_CREATE, &heads), "table");
  check(mdb_dbi_open(txn, "subjects", MDB_CREATE, &subjects), "table");
  check(mdb_dbi_open(txn, "models", MDB_CREATE, &models), "table");
  check(mdb_stat(txn, heads, &stat), "stat");
  for (uint64_t i = stat.ms_entries; i < officers; i++) {
    officer_id(i, officer);
    put(txn, heads, officer, sizeof officer, value, HEAD_BYTES, 0);
    put(txn, models, officer, sizeof officer, value, MODEL_BYTES, 0);
  }
  check(mdb_txn_commit(txn), "commit");

  uint64_t random = now_ns() | 1, done = 0;
  uint64_t begun = now_ns(), deadline = begun + seconds * 1000000000u, now = begun;
  while (done < events_max && now < deadline) {
    check(mdb_txn_begin(views, NULL, 0, &txn), "begin");
    for (uint64_t i = 0; i < batch; i++) {
      uint64_t at = position + i, id[EVENT_ID_BYTES / 8] = {random64(&random), random64(&random)};
      officer_id(random64(&random) % officers, officer);
      memcpy(value, id, sizeof id);
      memcpy(key, officer, sizeof officer);
      for (int b = 0; b < 8; b++) key[OFFICER_ID_BYTES + b] = (uint8_t)(at >> (56 - 8 * b));
      put(txn, ids, id, sizeof id, &at, sizeof at, 0);
      put(txn, heads, officer, sizeof officer, value, HEAD_BYTES, 0);
      put(txn, subjects, key, sizeof key, &at, sizeof at, 0);
      put(txn, models, officer, sizeof officer, value, MODEL_BYTES, 0);
    }
    MDB_txn *append;
    check(mdb_txn_begin(log, NULL, 0, &append), "begin");
    for (uint64_t i = 0; i < batch; i++) {
      uint64_t at = position + i;
      put(append, events, &at, sizeof at, value, EVENT_BYTES, MDB_APPEND);
    }
    check(mdb_txn_commit(append), "commit of the log");
    check(mdb_txn_commit(txn), "commit of the views");
    position += batch;
    done += batch;
    now = now_ns();
  }
  double elapsed = (double)(now_ns() - begun) / 1e9;
  mdb_env_close(views);
  mdb_env_close(log);
  printf("{\"events\": %llu, \"seconds\": %.3f, \"per_second\": %.1f, \"batch\": %llu}\n",
         (unsigned long long)done, elapsed, (double)done / elapsed, (unsigned long long)batch);
  return 0;
}
