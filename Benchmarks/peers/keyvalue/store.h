/* A key-value store, as the benchmark sees it. Every call ends the program when it fails: a peer
   that did not do its work must not have a place in the table. */
#ifndef STORE_H
#define STORE_H

#include <stddef.h>
#include <stdint.h>

enum { key_size = 32 };

extern const char *const store_name;

/* Opens or makes a store in a folder that exists. */
void store_open(const char *folder);

/* Returns once the value would survive a power cut. Called by many threads at once. */
void store_put(const uint8_t key[key_size], const uint8_t *value, size_t size);

/* Copies a value that is there into a buffer of `size` bytes, which is its size. */
void store_get(const uint8_t key[key_size], uint8_t *value, size_t size);

void store_close(void);

/* Ends the program with a word on what failed. */
_Noreturn void give_up(const char *what, const char *why);

#endif
