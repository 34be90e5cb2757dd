package dev.signrelay.testing;

import dev.signrelay.cache.SignatureCache;
import dev.signrelay.secret.SecretUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A cache in memory. As in the table, times that are too far ahead are those of a wrong clock. */
public class FakeSignatureCache implements SignatureCache {

  private static final Duration LONGEST_LEASE = Duration.ofSeconds(180);

  /** A request to the cache. */
  public enum Request {
    READ,
    LEASE,
    STORE,
    RELEASE
  }

  /** The requests in their order. */
  public final List<Request> requests = new CopyOnWriteArrayList<>();

  public final List<Duration> timeouts = new CopyOnWriteArrayList<>();

  /** The requests that fail, without being applied. */
  public final Set<Request> refused = ConcurrentHashMap.newKeySet();

  /** The requests that are applied and whose answer is lost. */
  public final Set<Request> unanswered = ConcurrentHashMap.newKeySet();

  public boolean keyIsKnown = true;

  private record Signature(String text, Instant at) {}

  private record Lease(String owner, Instant until) {}

  private final InstantSource clock;
  private final Duration reuse;
  private final Map<String, Signature> signatures = new HashMap<>();
  private final Map<String, Lease> leases = new HashMap<>();

  public FakeSignatureCache(InstantSource clock, Duration reuse) {
    this.clock = clock;
    this.reuse = reuse;
  }

  @Override
  public void prepare(Duration limit) {
    if (!keyIsKnown) {
      throw new SecretUnavailableException("unknown", null);
    }
  }

  @Override
  public synchronized Entry read(String message, Duration timeout) {
    begin(Request.READ, timeout);
    Entry entry = entry(message, null);
    end(Request.READ);
    return entry;
  }

  @Override
  public synchronized Entry lease(String message, String owner, Instant until, Duration timeout) {
    begin(Request.LEASE, timeout);
    Entry present = entry(message, owner);
    if (present instanceof Entry.Vacant) {
      leases.put(message, new Lease(owner, until));
    }
    end(Request.LEASE);
    return present;
  }

  @Override
  public synchronized void store(
      String message, String signature, Instant signedAt, Duration timeout) {
    begin(Request.STORE, timeout);
    signatures.put(message, new Signature(signature, signedAt));
    leases.remove(message);
    end(Request.STORE);
  }

  @Override
  public synchronized void release(String message, String owner, Duration timeout) {
    begin(Request.RELEASE, timeout);
    Lease lease = leases.get(message);
    if (lease != null && lease.owner.equals(owner)) {
      leases.remove(message);
    }
    end(Request.RELEASE);
  }

  /** The messages with a lease, running or not. */
  public synchronized List<String> leased() {
    return new ArrayList<>(leases.keySet());
  }

  private Entry entry(String message, @Nullable String owner) {
    Instant now = clock.instant();
    Signature signature = signatures.get(message);
    if (signature != null && isBetween(now.minus(reuse), signature.at, now.plus(reuse))) {
      Duration age = Duration.between(signature.at, now);
      return new Entry.Reusable(signature.text, age.isNegative() ? Duration.ZERO : age);
    }
    Lease lease = leases.get(message);
    return lease != null
            && !lease.owner.equals(owner)
            && isBetween(now, lease.until, now.plus(LONGEST_LEASE))
        ? new Entry.Leased()
        : new Entry.Vacant();
  }

  private static boolean isBetween(Instant first, Instant time, Instant last) {
    return !time.isBefore(first) && !time.isAfter(last);
  }

  private void begin(Request request, Duration timeout) {
    requests.add(request);
    timeouts.add(timeout);
    requireUp(refused, request);
  }

  private void end(Request request) {
    requireUp(unanswered, request);
  }

  private static void requireUp(Set<Request> failing, Request request) {
    if (failing.contains(request)) {
      throw new CacheUnavailableException("the cache is down", new IllegalStateException());
    }
  }
}
