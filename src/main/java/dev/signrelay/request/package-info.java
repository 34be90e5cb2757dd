/**
 * Parses and validates what a client requests. Pure: text in, a {@link
 * dev.signrelay.request.SignRequest} or the broken rule out.
 */
@NullMarked
package dev.signrelay.request;

import org.jspecify.annotations.NullMarked;
