package io.lockstep.bench;

/** One copy of a workload's network in one contender; belongs to the thread that made it. */
interface Network extends AutoCloseable {
  /** Parameters as this contender counts them. */
  long parameters();

  /** Back to the first weights and an empty optimizer. */
  void reset();

  /**
   * One training step: forward, loss, backward, Adam.
   *
   * @param batch number of the minibatch, taken modulo their count
   * @return the loss before the step, the mean over all labels
   */
  double step(int batch);

  @Override
  void close();
}
