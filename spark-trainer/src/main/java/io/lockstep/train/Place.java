package io.lockstep.train;

import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.IngestionWatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Where runs are executed and their data is kept: this process, or a Spark cluster. What is
 * computed is the same everywhere, bit for bit. Not thread-safe.
 */
public interface Place extends AutoCloseable {
  /**
   * Reads the data of a run and deals it to replicas; nothing is written.
   *
   * @param watch told how that comes along
   * @throws io.lockstep.data.InputException if the data must be mended
   * @throws IOException if a file system fails
   */
  LoadedData load(DataRequest request, IngestionWatch watch) throws IOException;

  /** As {@link #load(DataRequest, IngestionWatch)}, with nobody looking on. */
  default LoadedData load(DataRequest request) throws IOException {
    return load(request, IngestionWatch.NONE);
  }

  /**
   * Reads examples that are only measured, as the part {@code TEST}.
   *
   * @param source like that of training already
   * @param preparation of the model
   * @param pieces number of pieces for a number of examples
   * @param lanes streams of a piece, 1 if examples do not hang together
   */
  LoadedData load(
      ExampleSource source, Preparation preparation, LongToIntFunction pieces, int lanes)
      throws IOException;

  /**
   * Sees whether a run fits into the memory that there is, as far as that is known.
   *
   * @return where it will be tight: a sentence each, with the setting to raise
   * @throws io.lockstep.data.InputException if it cannot work, with the setting to raise
   */
  default List<String> fit(RunSize run) {
    return List.of();
  }

  /** Where to look on from outside, such as an application's number and page; empty if nowhere. */
  default Optional<String> address() {
    return Optional.empty();
  }

  /**
   * Says that the work failed: whoever watches over the place is told so when it is closed, such as
   * a cluster's resource manager.
   */
  default void failed() {}

  @Override
  void close();
}
