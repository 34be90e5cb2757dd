/** The AWS events that the functions receive, and the responses that AWS expects. */
@NullMarked
package dev.signrelay.event;

import org.jspecify.annotations.NullMarked;
