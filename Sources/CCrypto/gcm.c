#include "ccrypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

struct ccrypto_gcm {
  EVP_CIPHER_CTX *sealing;
  EVP_CIPHER_CTX *opening;
  uint8_t key[CCRYPTO_KEY_BYTES];
};

// Looked up once: a context that looks its cipher up by name takes locks each time.
static EVP_CIPHER *cipher;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fetch(void) { cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL); }

struct ccrypto_gcm *ccrypto_gcm_create(const uint8_t *key) {
  pthread_once(&once, fetch);
  if (!cipher) return NULL;
  struct ccrypto_gcm *gcm = calloc(1, sizeof *gcm);
  if (!gcm) return NULL;
  for (int i = 0; i < CCRYPTO_KEY_BYTES; i++) gcm->key[i] = key[i];
  return gcm;
}

void ccrypto_gcm_destroy(struct ccrypto_gcm *gcm) {
  EVP_CIPHER_CTX_free(gcm->sealing);
  EVP_CIPHER_CTX_free(gcm->opening);
  OPENSSL_cleanse(gcm, sizeof *gcm);
  free(gcm);
}

// The key schedule is made once for each direction; a later call changes the nonce only.
static EVP_CIPHER_CTX *begin(struct ccrypto_gcm *gcm, EVP_CIPHER_CTX **place, int sealing,
                             const uint8_t *nonce) {
  if (*place) return EVP_CipherInit_ex2(*place, NULL, NULL, nonce, sealing, NULL) ? *place : NULL;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (!context) return NULL;
  if (!EVP_CipherInit_ex2(context, cipher, gcm->key, nonce, sealing, NULL)) {
    EVP_CIPHER_CTX_free(context);
    return NULL;
  }
  return *place = context;
}

int ccrypto_gcm_seal(struct ccrypto_gcm *gcm, const uint8_t *nonce, const uint8_t *associated,
                     size_t associated_count, const uint8_t *plain, size_t count, uint8_t *sealed,
                     uint8_t *tag) {
  int length = 0;
  if (count > INT_MAX || associated_count > INT_MAX) return 0;
  EVP_CIPHER_CTX *context = begin(gcm, &gcm->sealing, 1, nonce);
  return context &&
         (!associated_count ||
          EVP_EncryptUpdate(context, NULL, &length, associated, (int)associated_count)) &&
         (!count || EVP_EncryptUpdate(context, sealed, &length, plain, (int)count)) &&
         EVP_EncryptFinal_ex(context, tag, &length) &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CCRYPTO_TAG_BYTES, tag);
}

int ccrypto_gcm_open(struct ccrypto_gcm *gcm, const uint8_t *nonce, const uint8_t *associated,
                     size_t associated_count, const uint8_t *sealed, size_t count,
                     const uint8_t *tag, uint8_t *plain) {
  int length = 0;
  uint8_t unused[CCRYPTO_TAG_BYTES];
  if (count > INT_MAX || associated_count > INT_MAX) return 0;
  EVP_CIPHER_CTX *context = begin(gcm, &gcm->opening, 0, nonce);
  int good = context &&
             (!associated_count ||
              EVP_DecryptUpdate(context, NULL, &length, associated, (int)associated_count)) &&
             (!count || EVP_DecryptUpdate(context, plain, &length, sealed, (int)count)) &&
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CCRYPTO_TAG_BYTES,
                                 (void *)tag) &&
             EVP_DecryptFinal_ex(context, unused, &length);
  if (!good && count) OPENSSL_cleanse(plain, count);
  return good;
}
