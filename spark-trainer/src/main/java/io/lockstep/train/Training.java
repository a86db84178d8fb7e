package io.lockstep.train;

/**
 * The upper level of an engine: a training in progress. What stands above it (the run directory,
 * early stopping, a progress bar) asks for no more than the next synchronisation and where things
 * stand; how replicas find together is the engine's. Not thread-safe.
 */
public interface Training extends AutoCloseable {
  /**
   * Goes on to the next synchronisation of the replicas.
   *
   * @throws NonFiniteException if a loss or a parameter became NaN or infinite; the snapshot is the
   *     one before
   * @throws LostWorkException if the work cannot be done, however often it is tried; likewise
   */
  Synchronization advance();

  /** Where the training stands: all that {@link Engine#resume} needs to go on bit for bit. */
  Snapshot snapshot();

  @Override
  void close();
}
