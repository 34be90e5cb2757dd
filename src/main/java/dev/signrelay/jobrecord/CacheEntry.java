package dev.signrelay.jobrecord;

import dev.signrelay.aws.Attributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The signature of a message, or the lease of the call for it. */
public sealed interface CacheEntry {

  /**
   * No lease is longer: it ends with its holder's step, within Lambda's timeout of at most 150 s
   * (template.yaml), and clocks may differ. A lease that ends later, or a signature that is dated
   * farther ahead than it would be reused, is that of a wrong clock and counts as past.
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

  /** The entry of an item. {@code JobTable.IS_VACANT} is the same as a condition. */
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
