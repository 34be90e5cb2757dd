/** The table that all processes share: job records, reservations, signatures and quotas. */
@NullMarked
package dev.signrelay.jobrecord;

import org.jspecify.annotations.NullMarked;
