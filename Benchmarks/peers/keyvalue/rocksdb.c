/* RocksDB with blob files (BlobDB) and synced writes; its writers share a flush by themselves. */
#include "store.h"

#include <rocksdb/c.h>
#include <string.h>

const char *const store_name = "RocksDB, blob files, sync";

static rocksdb_t *db;
static rocksdb_options_t *options;
static rocksdb_writeoptions_t *synced;
static rocksdb_readoptions_t *reading;

static void check(const char *what, char *error) {
  if (error) give_up(what, error);
}

void store_open(const char *folder) {
  char *error = NULL;
  options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(options, 1);
  rocksdb_options_increase_parallelism(options, 2);
  rocksdb_options_set_compression(options, rocksdb_no_compression);
  rocksdb_options_set_enable_blob_files(options, 1);
  rocksdb_options_set_min_blob_size(options, 1024);
  rocksdb_options_set_enable_blob_gc(options, 1);
  /* Pipelined: the log's write and the memory table's overlap, as its own guide advises. */
  rocksdb_options_set_enable_pipelined_write(options, 1);
  rocksdb_block_based_table_options_t *table = rocksdb_block_based_options_create();
  rocksdb_block_based_options_set_filter_policy(table, rocksdb_filterpolicy_create_bloom(10));
  rocksdb_options_set_block_based_table_factory(options, table);
  synced = rocksdb_writeoptions_create();
  rocksdb_writeoptions_set_sync(synced, 1);
  reading = rocksdb_readoptions_create();
  db = rocksdb_open(options, folder, &error);
  check("open", error);
}

void store_put(const uint8_t key[key_size], const uint8_t *value, size_t size) {
  char *error = NULL;
  rocksdb_put(db, synced, (const char *)key, key_size, (const char *)value, size, &error);
  check("put", error);
}

void store_get(const uint8_t key[key_size], uint8_t *value, size_t size) {
  char *error = NULL;
  rocksdb_pinnableslice_t *found =
      rocksdb_get_pinned(db, reading, (const char *)key, key_size, &error);
  check("get", error);
  if (!found) give_up("get", "a value is missing");
  size_t length = 0;
  const char *bytes = rocksdb_pinnableslice_value(found, &length);
  if (length != size) give_up("get", "a value has another size");
  memcpy(value, bytes, size);
  rocksdb_pinnableslice_destroy(found);
}

void store_close(void) {
  char *error = NULL;
  rocksdb_flushoptions_t *flush = rocksdb_flushoptions_create();
  rocksdb_flush(db, flush, &error);
  check("flush", error);
  rocksdb_close(db);
}
