/**
 * Parses and validates what a client sends: requests to sign, API keys and headers. Pure: text in,
 * a value or a {@link dev.signrelay.request.BrokenRuleException} out.
 */
@NullMarked
package dev.signrelay.request;

import org.jspecify.annotations.NullMarked;
