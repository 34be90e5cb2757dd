package dev.signrelay.cache;

import dev.signrelay.cache.SignatureCache.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item of the cache. Its key is a string, {@code id}; its time to live, {@code expiresAt}, is in
 * seconds since the epoch. {@code signature} was obtained at {@code signedAt}. {@code leasedBy}
 * holds the lease up to {@code leasedUntil}. These two times are in milliseconds.
 *
 * <p>Times that are farther ahead than they can be are those of a wrong clock. They count as past.
 */
final class CacheItem {

  /**
   * No lease is longer: Lambda's timeout of RetryFunction is at most 150 s (template.yaml), and
   * clocks may differ.
   */
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(180);

  /**
   * Holds if there is neither a signature that may be reused nor a lease of another owner. {@link
   * #bounds} has its values, except the owner's.
   */
  static final String IS_VACANT =
      """
      (attribute_not_exists(signedAt) OR NOT signedAt BETWEEN :oldest AND :newest) \
      AND (attribute_not_exists(leasedBy) OR leasedBy = :owner \
      OR NOT leasedUntil BETWEEN :now AND :latest)""";

  private CacheItem() {}

  static Map<String, AttributeValue> bounds(Instant now, Duration reuse) {
    return Map.of(
        ":oldest", millis(now.minus(reuse)),
        ":newest", millis(now.plus(reuse)),
        ":now", millis(now),
        ":latest", millis(now.plus(LONGEST_LEASE)));
  }

  /** What {@link #IS_VACANT} tests, for an item that was read. */
  static Entry read(Map<String, AttributeValue> item, Instant now, Duration reuse) {
    AttributeValue signature = item.get("signature");
    Instant signedAt = time(item.get("signedAt"));
    if (signature != null && isBetween(now.minus(reuse), signedAt, now.plus(reuse))) {
      Duration age = Duration.between(signedAt, now);
      return new Entry.Reusable(signature.s(), age.isNegative() ? Duration.ZERO : age);
    }
    Instant leasedUntil = time(item.get("leasedUntil"));
    return isBetween(now, leasedUntil, now.plus(LONGEST_LEASE))
        ? new Entry.Leased()
        : new Entry.Vacant();
  }

  private static boolean isBetween(Instant first, Instant time, Instant last) {
    return !time.isBefore(first) && !time.isAfter(last);
  }

  private static Instant time(@Nullable AttributeValue millis) {
    return millis == null ? Instant.MIN : Instant.ofEpochMilli(Long.parseLong(millis.n()));
  }

  static AttributeValue millis(Instant time) {
    return AttributeValue.fromN(Long.toString(time.toEpochMilli()));
  }

  /** The time to live: not before a time. */
  static AttributeValue expiresAfter(Instant time) {
    return AttributeValue.fromN(Long.toString(time.getEpochSecond() + 1));
  }
}
