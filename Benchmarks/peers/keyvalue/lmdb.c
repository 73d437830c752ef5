/* LMDB, synced. It has one writer at a time; whoever waits for it joins the writer's transaction,
   the way servers use it, so that one flush serves many (64 here). */
#include "store.h"

#include <lmdb.h>
#include <pthread.h>
#include <string.h>

const char *const store_name = "LMDB, sync, shared commits";

/* A put that waits to be written. */
struct put {
  const uint8_t *key, *value;
  size_t size;
  int done;
  struct put *next;
};

static MDB_env *environment;
static MDB_dbi table;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t written = PTHREAD_COND_INITIALIZER;
static struct put *queue;
static int is_writing;

static void check(const char *what, int code) {
  if (code) give_up(what, mdb_strerror(code));
}

void store_open(const char *folder) {
  MDB_txn *transaction;
  check("create", mdb_env_create(&environment));
  check("size", mdb_env_set_mapsize(environment, (size_t)64 << 30));
  check("readers", mdb_env_set_maxreaders(environment, 256));
  check("open", mdb_env_open(environment, folder, MDB_NORDAHEAD, 0644));
  check("begin", mdb_txn_begin(environment, NULL, 0, &transaction));
  check("table", mdb_dbi_open(transaction, NULL, 0, &table));
  check("commit", mdb_txn_commit(transaction));
}

static void write_all(struct put *puts) {
  MDB_txn *transaction;
  check("begin", mdb_txn_begin(environment, NULL, 0, &transaction));
  for (struct put *put = puts; put; put = put->next) {
    MDB_val key = {key_size, (void *)put->key}, value = {put->size, (void *)put->value};
    check("put", mdb_put(transaction, table, &key, &value, 0));
  }
  check("commit", mdb_txn_commit(transaction));
}

void store_put(const uint8_t key[key_size], const uint8_t *value, size_t size) {
  struct put mine = {key, value, size, 0, NULL};
  pthread_mutex_lock(&lock);
  mine.next = queue;
  queue = &mine;
  while (!mine.done) {
    if (is_writing) {
      pthread_cond_wait(&written, &lock);
      continue;
    }
    struct put *puts = queue;
    queue = NULL;
    is_writing = 1;
    pthread_mutex_unlock(&lock);
    write_all(puts);
    pthread_mutex_lock(&lock);
    is_writing = 0;
    for (struct put *put = puts, *next; put; put = next) {
      next = put->next;
      put->done = 1;
    }
    pthread_cond_broadcast(&written);
  }
  pthread_mutex_unlock(&lock);
}

void store_get(const uint8_t key[key_size], uint8_t *value, size_t size) {
  MDB_txn *transaction;
  MDB_val wanted = {key_size, (void *)key}, found;
  check("begin", mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction));
  check("get", mdb_get(transaction, table, &wanted, &found));
  if (found.mv_size != size) give_up("get", "a value has another size");
  memcpy(value, found.mv_data, size);
  mdb_txn_abort(transaction);
}

void store_close(void) { mdb_env_close(environment); }
