/** The AWS events that the functions take, and the answers that AWS takes of them. */
@NullMarked
package dev.signrelay.event;

import org.jspecify.annotations.NullMarked;
