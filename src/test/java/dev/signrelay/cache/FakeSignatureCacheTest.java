package dev.signrelay.cache;

import dev.signrelay.testing.FakeSignatureCache;

/** Runs the contract on the cache that other tests use. */
final class FakeSignatureCacheTest extends SignatureCacheContract {

  @Override
  SignatureCache emptyCache() {
    return new FakeSignatureCache(time, REUSE);
  }
}
