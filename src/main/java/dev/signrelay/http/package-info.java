/**
 * One HTTP exchange, for the upstream call and the callback: one request, one timeout for the whole
 * exchange, and a limit on the reply's size.
 */
@NullMarked
package dev.signrelay.http;

import org.jspecify.annotations.NullMarked;
