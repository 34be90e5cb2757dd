package dev.signrelay.simulation;

import dev.signrelay.cache.SignatureCache;
import java.time.Duration;
import java.time.Instant;

/**
 * A cache that is used wrongly.
 *
 * @param ofAnyMessage whether a message gets the signature of any other
 * @param vacant whether a lease is taken although another caller holds it
 */
record FlawedSignatures(SignatureCache cache, boolean ofAnyMessage, boolean vacant)
    implements SignatureCache {

  private String key(String message) {
    return ofAnyMessage ? RecordTag.like(message, "any") : message;
  }

  @Override
  public void prepare(Duration limit) {
    cache.prepare(limit);
  }

  @Override
  public Entry read(String message, Duration timeout) {
    Entry entry = cache.read(key(message), timeout);
    return vacant && entry instanceof Entry.Leased ? new Entry.Vacant() : entry;
  }

  @Override
  public Entry lease(String message, String owner, Instant until, Duration timeout) {
    Entry entry = cache.lease(key(message), owner, until, timeout);
    return vacant && entry instanceof Entry.Leased ? new Entry.Vacant() : entry;
  }

  @Override
  public void store(String message, String signature, Instant signedAt, Duration timeout) {
    cache.store(key(message), signature, signedAt, timeout);
  }

  @Override
  public void release(String message, String owner, Duration timeout) {
    cache.release(key(message), owner, timeout);
  }
}
