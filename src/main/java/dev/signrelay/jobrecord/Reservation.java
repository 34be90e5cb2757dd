package dev.signrelay.jobrecord;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The right to answer a request with an {@code Idempotency-Key}, and to create its job.
 *
 * @param id the job's id, derived from the key
 * @param client the client that sent the request
 * @param fingerprint a digest that recognizes the same request
 * @param owner a unique id of this attempt to reserve
 * @param acceptedAt when the request was received
 * @param at when the reservation is made
 * @param leaseUntil until when no other process may answer the request. Others may afterwards, in
 *     case this one has died.
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

    /** The caller may answer the request. */
    record Reserved() implements Result {}

    /**
     * The key is in use.
     *
     * @param fingerprint a digest of the request for which the key was used; empty: unknown
     * @param record the record of the job; null: the request is being answered
     */
    record KeyInUse(String fingerprint, @Nullable JobRecord record) implements Result {}
  }
}
