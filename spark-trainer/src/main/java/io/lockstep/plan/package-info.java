/**
 * The plan: what a user wrote in YAML, as validated immutable records, one file per topic, with
 * their keys.
 *
 * <p>Parsed at the edge, trusted inside: whoever holds a {@link io.lockstep.plan.Plan} need not
 * check it again. Must not come here: Spark, networks, anything that runs.
 */
package io.lockstep.plan;
