/** How many places in line each client has. */
@NullMarked
package dev.signrelay.client;

import org.jspecify.annotations.NullMarked;
