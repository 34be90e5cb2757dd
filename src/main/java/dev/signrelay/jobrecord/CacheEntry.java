package dev.signrelay.jobrecord;

import dev.signrelay.aws.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The state of a message's item: it has a signature, the lease of a call, or neither. */
public sealed interface CacheEntry {

  /**
   * Longer than any lease ({@code SigningTimeouts}), even if clocks differ. A lease that ends later
   * was taken by a process with a wrong clock, and does not count.
   */
  Duration LONGEST_LEASE = Duration.ofSeconds(180);

  /**
   * A signature that may be reused.
   *
   * @param age since it was obtained; not negative
   */
  record Reusable(String signature, Duration age) implements CacheEntry {

    /** Omits the signature, which must not reach a log. */
    @Override
    public String toString() {
      return "Reusable";
    }
  }

  /** A lease that another caller holds. */
  record Leased() implements CacheEntry {}

  /** Neither a signature that may be reused nor a lease. */
  record Vacant() implements CacheEntry {}

  /**
   * Reads an item. A signature from too far in the future is not reused, because a clock was wrong.
   * {@code JobTable.IS_VACANT} selects {@link Vacant} items and leases of the same owner.
   */
  static CacheEntry of(Map<String, AttributeValue> item, Instant now, Duration reuse) {
    String signature = Attributes.text(item, "signature");
    Instant signedAt = Attributes.time(item, "signedAt");
    if (signature != null && isBetween(now.minus(reuse), signedAt, now.plus(reuse))) {
      Duration age = Duration.between(signedAt, now);
      return new Reusable(signature, age.isNegative() ? Duration.ZERO : age);
    }
    return isBetween(now, Attributes.time(item, "leasedUntil"), now.plus(LONGEST_LEASE))
        ? new Leased()
        : new Vacant();
  }

  private static boolean isBetween(Instant first, @Nullable Instant time, Instant last) {
    return time != null && !time.isBefore(first) && !time.isAfter(last);
  }
}
