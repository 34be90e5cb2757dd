/**
 * The whole system on one machine: the real handlers, local SQS and DynamoDB servers, and
 * emulations of API Gateway, Lambda, the upstream and a receiver. {@link
 * dev.signrelay.local.LocalMain} runs it interactively, the end-to-end tests run it as a test
 * fixture.
 */
@NullMarked
package dev.signrelay.local;

import org.jspecify.annotations.NullMarked;
