package io.lockstep.train;

/**
 * How large a run is: all that its memory and the time of its rounds depend on.
 *
 * @param parameters of the network
 * @param updater values that its optimizer keeps, at most
 * @param travelsWhole whether what the optimizer keeps travels too (averaging mode)
 * @param keepsVelocity whether an outer optimizer keeps a vector of parameters
 * @param keepsBest whether early stopping keeps a second state
 * @param replicas of the plan
 * @param dataBytes of all examples that are trained, as blocks hold them
 * @param windowBytes that one replica holds of its shard at once
 * @param batchBytes of the numbers of one minibatch
 */
public record RunSize(
    long parameters,
    long updater,
    boolean travelsWhole,
    boolean keepsVelocity,
    boolean keepsBest,
    int replicas,
    long dataBytes,
    long windowBytes,
    long batchBytes) {
  /** Bytes of parameters and of what the optimizer keeps. */
  public long stateBytes() {
    return Float.BYTES * (parameters + updater);
  }

  /** Bytes that go to each executor in a round, and come back from each replica. */
  public long travellingBytes() {
    return Float.BYTES * (parameters + (travelsWhole ? updater : 0));
  }

  /** Bytes outside of the Java heap of one network at work, without what flows in it. */
  public long nativeBytes() {
    return Float.BYTES * (2 * parameters + updater);
  }
}
