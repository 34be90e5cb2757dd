/**
 * One HTTP exchange with hard limits, shared by the upstream call and the callback: one request,
 * one timeout over the whole exchange, a limit on the reply's size.
 */
@NullMarked
package dev.signrelay.http;

import org.jspecify.annotations.NullMarked;
