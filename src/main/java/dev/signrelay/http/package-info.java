/**
 * One HTTP exchange with hard limits, shared by the upstream call and the callback: one request on
 * the wire, one deadline over all of it, a cap on what is read.
 */
@NullMarked
package dev.signrelay.http;

import org.jspecify.annotations.NullMarked;
