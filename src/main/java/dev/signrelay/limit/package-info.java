/**
 * When an upstream call may begin: an exact limit over all processes, as a schedule that every
 * process reckons with and one DynamoDB item keeps.
 */
@NullMarked
package dev.signrelay.limit;

import org.jspecify.annotations.NullMarked;
