/** The upstream call and its outcome. */
@NullMarked
package dev.signrelay.upstream;

import org.jspecify.annotations.NullMarked;
