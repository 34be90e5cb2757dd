/**
 * SignRelay is a reliable asynchronous front end for a slow, flaky, rate-limited signing API.
 *
 * <p>The path of a request and of its job, from top to bottom:
 *
 * <pre>
 * /crypto/sign
 *   SignHandler       SignFunction: event in, response out
 *   sign/             answers in less than 2 s: check, attempt, send to the queue
 *     request/        parses the request, or names the rule that it breaks
 *     attempt/        one attempt to sign, shared by the three functions
 *       limit/        when the call may begin
 *       upstream/     the call and its outcome
 *     policy/         what follows: deliver, requeue, dead-letter
 *     jobrecord/      the table of jobs: their records, idempotency keys, reusable signatures,
 *                     leases of calls, and the quotas of clients
 *     queue/          the retry queue, the callback queue, the line and the dead-letter queue
 *   DispatchHandler   DispatchFunction, once a minute: drains the line
 *   dispatch/         receives as many jobs as calls are free, and makes the calls
 *     retry/          a step of each job, as below
 *   RetryHandler      RetryFunction: a batch of messages in, the failed ones out
 *   retry/            all jobs of the batch at the same time, one step each
 *     attempt/        for a job without a signature, as above
 *     callback/       for a job with a signature: one delivery and its outcome
 *       destination/  where a callback may be sent
 *     policy/ queue/  as above, until the job is delivered or dead-lettered
 * </pre>
 *
 * <p>{@code job/} has the values that these packages share. {@code app/} has the configuration and
 * creates the services; {@code priming/} prepares a function for SnapStart's snapshot. {@code
 * http/} executes the upstream call and the callback, {@code secret/} reads secrets, {@code aws/}
 * creates the SDK's clients and sends requests to a DynamoDB table, {@code event/} reads and writes
 * Lambda's events, {@code json/} reads and writes JSON, {@code time/} is the clock and every timed
 * wait, and {@code telemetry/} has the log events and metrics.
 */
@NullMarked
package dev.signrelay;

import org.jspecify.annotations.NullMarked;
