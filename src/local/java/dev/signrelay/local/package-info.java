/**
 * The whole system on one machine: the production handlers, local SQS and DynamoDB servers, and
 * emulations of API Gateway, Lambda with its event sources, EventBridge Scheduler, the upstream and
 * a receiver. The package {@code cli} runs it with the web console of the package {@code console};
 * the end-to-end tests use it as a fixture.
 */
@NullMarked
package dev.signrelay.local;

import org.jspecify.annotations.NullMarked;
