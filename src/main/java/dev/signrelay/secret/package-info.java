/** Secrets: a fixed value, or one in AWS Secrets Manager that is read again while it is used. */
@NullMarked
package dev.signrelay.secret;

import org.jspecify.annotations.NullMarked;
