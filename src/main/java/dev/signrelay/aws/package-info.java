/** The AWS SDK's clients. */
@NullMarked
package dev.signrelay.aws;

import org.jspecify.annotations.NullMarked;
