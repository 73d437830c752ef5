/* Runs one cell of the engine's benchmark on another store, and prints it as one line of JSON in
   the form of `enginebench`: bench put|get FOLDER SECONDS SEED

   put: 64 threads put values of 16 KiB that do not compress, each durable when acknowledged.
   get: 20,000 values of 4 KiB are put, the store is closed, caches are dropped, and 32 threads read
        each value once, in an order that no read-ahead can guess. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { most_operations = 4 << 20, filled = 20000, most_threads = 64 };

static double deadline;
static uint64_t seed;
static size_t value_size;
static uint32_t *order;
static _Atomic uint32_t taken;
static float *latencies; /* microseconds; one place an operation, whichever thread did it */
static _Atomic uint64_t checksum;

_Noreturn void give_up(const char *what, const char *why) {
  fprintf(stderr, "%s: %s: %s\n", store_name, what, why);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static double processor_time(void) {
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  return use.ru_utime.tv_sec + use.ru_stime.tv_sec
      + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1e-6;
}

/* splitmix64, as `Payload` of enginebench has it. */
static uint64_t mix(uint64_t word) {
  word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
  word = (word ^ word >> 27) * 0x94d049bb133111eb;
  return word ^ word >> 31;
}

static void fill(uint8_t *bytes, size_t size, uint64_t number) {
  uint64_t state = seed + number * 0xd1342543de82ef95;
  for (size_t offset = 0; offset < size; offset += 8) {
    state += 0x9e3779b97f4a7c15;
    uint64_t word = mix(state);
    memcpy(bytes + offset, &word, 8);
  }
}

/* A key as a content address has it: 32 bytes without order. */
static void name(uint8_t key[key_size], uint32_t number) {
  fill(key, key_size, (uint64_t)number | (uint64_t)1 << 40);
}

static void note(double began, uint32_t number, const uint8_t *value) {
  latencies[number] = (float)((now() - began) * 1e6);
  atomic_fetch_add(&checksum, (uint64_t)value[0] << 8 | value[value_size - 1]);
}

static void *put_until_deadline(void *unused) {
  uint8_t key[key_size], *value = malloc(value_size);
  while (now() < deadline) {
    uint32_t number = atomic_fetch_add(&taken, 1);
    if (number >= most_operations) give_up("put", "more operations than there is room to note");
    fill(value, value_size, number);
    name(key, number);
    double began = now();
    store_put(key, value, value_size);
    note(began, number, value);
  }
  free(value);
  return unused;
}

static void *put_all(void *unused) {
  uint8_t key[key_size], *value = malloc(value_size);
  for (uint32_t number; (number = atomic_fetch_add(&taken, 1)) < filled;) {
    fill(value, value_size, number);
    name(key, number);
    store_put(key, value, value_size);
  }
  free(value);
  return unused;
}

static void *get_until_deadline(void *unused) {
  uint8_t key[key_size], *value = malloc(value_size);
  while (now() < deadline) {
    uint32_t number = atomic_fetch_add(&taken, 1);
    if (number >= filled) {
      atomic_fetch_sub(&taken, 1);
      break;
    }
    name(key, order[number]);
    double began = now();
    store_get(key, value, value_size);
    note(began, number, value);
  }
  free(value);
  return unused;
}

static void run(int count, void *(*body)(void *)) {
  pthread_t threads[most_threads];
  atomic_store(&taken, 0);
  for (int number = 0; number < count; number++) {
    if (pthread_create(&threads[number], NULL, body, NULL)) give_up("thread", strerror(errno));
  }
  for (int number = 0; number < count; number++) pthread_join(threads[number], NULL);
}

static void drop_caches(void) {
  sync();
  int file = open("/proc/sys/vm/drop_caches", O_WRONLY);
  if (file < 0 || write(file, "3\n", 2) != 2) give_up("drop caches", strerror(errno));
  close(file);
}

static void shuffle(void) {
  order = malloc(filled * sizeof *order);
  for (uint32_t place = 0; place < filled; place++) {
    uint32_t other = mix(seed + place) % (place + 1);
    order[place] = order[other];
    order[other] = place;
  }
}

static int ascending(const void *left, const void *right) {
  float one = *(const float *)left, two = *(const float *)right;
  return (one > two) - (one < two);
}

static void print(const char *cell, double seconds, double processor) {
  uint32_t count = atomic_load(&taken);
  if (!count) give_up(cell, "nothing was done in the time given");
  qsort(latencies, count, sizeof *latencies, ascending);
  printf(
      "{\"cell\":\"%s\",\"who\":\"%s\",\"operationsPerSecond\":%f,"
      "\"processorMicrosecondsPerOperation\":%f,\"medianMicroseconds\":%f,"
      "\"ninetyNinthMicroseconds\":%f,\"checksum\":%llu}\n",
      cell, store_name, count / seconds, processor * 1e6 / count, latencies[count / 2],
      latencies[(uint64_t)count * 99 / 100], (unsigned long long)atomic_load(&checksum));
}

static void measure(const char *cell, int threads, double seconds, void *(*body)(void *)) {
  double processor = processor_time(), began = now();
  deadline = began + seconds;
  run(threads, body);
  print(cell, now() - began, processor_time() - processor);
}

int main(int count, char **words) {
  if (count != 5) give_up("usage", "bench put|get FOLDER SECONDS SEED");
  const char *folder = words[2];
  double seconds = atof(words[3]);
  seed = strtoull(words[4], NULL, 10) << 48;
  latencies = malloc(most_operations * sizeof *latencies);
  if (!latencies) give_up("memory", strerror(errno));
  if (!strcmp(words[1], "put")) {
    value_size = 16 << 10;
    store_open(folder);
    measure("durable put 16 KiB x64", 64, seconds, put_until_deadline);
  } else {
    value_size = 4 << 10;
    shuffle();
    store_open(folder);
    run(64, put_all);
    store_close();
    drop_caches();
    store_open(folder);
    measure("cold get 4 KiB x32", 32, seconds, get_until_deadline);
  }
  store_close();
  return 0;
}
