/** What all processes share about jobs, in one table: records, reservations, signatures, quotas. */
@NullMarked
package dev.signrelay.jobrecord;

import org.jspecify.annotations.NullMarked;
