/**
 * The plan: what a user wrote in YAML, as validated immutable records.
 *
 * <p>Parsed at the edge, trusted inside: whoever holds a {@link io.lockstep.config.Plan} need not
 * check it again. Must not come here: Spark, networks, anything that runs.
 */
package io.lockstep.config;
