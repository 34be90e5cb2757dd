package dev.signrelay.simulation;

import dev.signrelay.cache.SignatureCache;
import dev.signrelay.testing.FakeSignatureCache;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The cache of signatures, with requests that can fail before and after their effect. */
record FaultySignatures(Invocation invocation) implements SignatureCache {

  @Override
  public void prepare(Duration limit) {
    // The API key is known.
  }

  @Override
  public Entry read(String message, Duration timeout) {
    return answer(message, request(message, timeout, (cache, plain) -> cache.read(plain, timeout)));
  }

  @Override
  public Entry lease(String message, String owner, Instant until, Duration timeout) {
    if (invocation.process().isClockWrong()) {
      invocation.world().calls.struck(RecordTag.remove(message));
    }
    return answer(
        message,
        request(message, timeout, (cache, plain) -> cache.lease(plain, owner, until, timeout)));
  }

  @Override
  public void store(String message, String signature, Instant signedAt, Duration timeout) {
    var _ =
        request(
            message,
            timeout,
            (cache, plain) -> {
              cache.store(plain, RecordTag.remove(signature), signedAt, timeout);
              return true;
            });
  }

  @Override
  public void release(String message, String owner, Duration timeout) {
    try {
      var _ =
          request(
              message,
              timeout,
              (cache, plain) -> {
                cache.release(plain, owner, timeout);
                return true;
              });
    } finally {
      invocation.of(message).end(invocation.process().instant());
    }
  }

  /** A job that is signed without a call needs its turn no more. */
  private Entry answer(String message, Entry entry) {
    if (!(entry instanceof Entry.Reusable(String signature, Duration age))) {
      return entry;
    }
    Progress progress = invocation.of(message);
    progress.advance(progress.history().withSignature());
    invocation.world().live.calls();
    invocation.trace("reuse %s", signature);
    return new Entry.Reusable(RecordTag.like(message, signature), age);
  }

  private interface Request<T> {
    T to(FakeSignatureCache cache, String message);
  }

  private <T> T request(String message, Duration timeout, Request<T> request) {
    String plain = RecordTag.remove(message);
    try {
      return invocation.callTable(
          timeout, () -> request.to(invocation.world().signatures.by(invocation.process()), plain));
    } catch (TimeoutException | ExecutionException e) {
      invocation.trace("the cache failed");
      invocation.world().calls.struck(plain);
      throw new CacheUnavailableException("the cache", e);
    }
  }
}
