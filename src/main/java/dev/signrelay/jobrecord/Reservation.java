package dev.signrelay.jobrecord;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The right to answer a request with an {@code Idempotency-Key}, and to make its job.
 *
 * @param id of the job, derived from the key
 * @param client that sent the request
 * @param fingerprint of the request
 * @param owner a unique id of this attempt to reserve
 * @param acceptedAt when the request was received
 * @param at when the reservation is made
 * @param leaseUntil until when nobody else may answer the request; a process that has died leaves
 *     it to the others then
 * @param keepUntil until when the key belongs to this request
 */
public record Reservation(
    String id,
    String client,
    String fingerprint,
    String owner,
    Instant acceptedAt,
    Instant at,
    Instant leaseUntil,
    Instant keepUntil) {

  /** The result of {@link JobTable#reserve}. */
  public sealed interface Result {

    /** The request is the caller's to answer. */
    record Reserved() implements Result {}

    /**
     * The key is in use.
     *
     * @param fingerprint of the request that it was used for; empty: unknown
     * @param record of the job; null: the request is being answered
     */
    record KeyInUse(String fingerprint, @Nullable JobRecord record) implements Result {}
  }
}
