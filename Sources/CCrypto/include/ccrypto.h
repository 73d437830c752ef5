// AES-256-GCM (NIST SP 800-38D) of OpenSSL's libcrypto behind an opaque handle.
//
// libcrypto works from one buffer to another without a copy between, at twice the rate of a call
// that makes its own box of ciphertext and tag. Only gcm.c includes its headers, so that no Swift
// module sees them.
//
// A handle belongs to one thread at a time. It holds a key, which is wiped when it is destroyed.

#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

struct ccrypto_gcm;

enum {
  CCRYPTO_KEY_BYTES = 32,
  CCRYPTO_NONCE_BYTES = 12,
  CCRYPTO_TAG_BYTES = 16,
};

/// Takes a key of CCRYPTO_KEY_BYTES; NULL when there is no memory or no such cipher.
struct ccrypto_gcm *ccrypto_gcm_create(const uint8_t *key);
void ccrypto_gcm_destroy(struct ccrypto_gcm *gcm);

/// Encrypts `count` bytes at `plain` to `sealed`, which may be the same place, and makes their tag.
/// Returns 1, or 0 when the library refused.
int ccrypto_gcm_seal(struct ccrypto_gcm *gcm, const uint8_t *nonce, const uint8_t *associated,
                     size_t associated_count, const uint8_t *plain, size_t count, uint8_t *sealed,
                     uint8_t *tag);

/// Decrypts `count` bytes at `sealed` to `plain`, which may be the same place. Returns 1 when the
/// tag is theirs; else 0, with `plain` wiped.
int ccrypto_gcm_open(struct ccrypto_gcm *gcm, const uint8_t *nonce, const uint8_t *associated,
                     size_t associated_count, const uint8_t *sealed, size_t count,
                     const uint8_t *tag, uint8_t *plain);

#endif
