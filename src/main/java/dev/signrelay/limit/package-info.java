/**
 * When an upstream call may begin: an exact limit over all processes, kept as a schedule in one
 * DynamoDB item.
 */
@NullMarked
package dev.signrelay.limit;

import org.jspecify.annotations.NullMarked;
