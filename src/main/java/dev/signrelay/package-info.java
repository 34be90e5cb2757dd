/**
 * SignRelay: a dependable face on a signing API that is slow, fails often and is rate limited.
 *
 * <p>The flow, one line per stage:
 *
 * <pre>
 * GET /crypto/sign
 *   SignHandler     answers in under 2 s
 *     request/      whether the client has a key, what it asked for, which field breaks which rule
 *   FirstAttempt    signs once within a hard deadline, or queues
 *     limit/        when the call may begin
 *     upstream/     one signing call and its outcome
 *     retry/        what an outcome means: deliver, try again later, give up
 *     queue/        the retry queue and the dead-letter queue
 *   RetryHandler    takes a batch of jobs from the queue
 *   JobBatch        all of them at the same time, and sends back together what goes back
 *   JobStep         moves each one a step on
 *     limit/        when the next call may begin
 *     upstream/     while it has no signature
 *     callback/     from then on: one delivery and its outcome
 *     retry/ queue/ as above, until it is delivered or dead-lettered
 * </pre>
 *
 * {@code event/} reads and writes what AWS hands over, {@code http/} carries the upstream call and
 * the callback, {@code deadline/} ends what hangs, {@code json/} writes bodies, {@code log/} writes
 * one line per attempt, {@code aws/} makes the SDK's clients, {@link dev.signrelay.Config} holds
 * the settings and {@link dev.signrelay.Wiring} joins the parts. {@code SnapStart} decides when
 * they are made, and {@code Rehearsal}, against {@code loopback/}, goes the whole way before that.
 */
@NullMarked
package dev.signrelay;

import org.jspecify.annotations.NullMarked;
