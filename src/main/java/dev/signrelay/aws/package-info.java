/** The AWS SDK's clients, their initialization before the first call, and a DynamoDB table. */
@NullMarked
package dev.signrelay.aws;

import org.jspecify.annotations.NullMarked;
