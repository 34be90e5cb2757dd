/** The delivery of a signature or a failure notice to its receiver, and its outcome. */
@NullMarked
package dev.signrelay.callback;

import org.jspecify.annotations.NullMarked;
