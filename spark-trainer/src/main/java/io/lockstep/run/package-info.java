/**
 * The run directory: the record of a run, on any Hadoop file system.
 *
 * <p>Belongs here: the plan as it was run, events, the ledger of what was trained and its check,
 * checkpoints and the final model file, each written so that a crash at any point leaves the newest
 * complete checkpoint readable and nothing half-visible. Must not come here: Spark, networks, and
 * any decision about training.
 *
 * <p>Start at {@link io.lockstep.run.RunDirectory}; the files are described in
 * docs/run-directory.md.
 */
package io.lockstep.run;
