package io.lockstep.ingest;

import io.lockstep.data.exchange.Exchange;
import io.lockstep.data.exchange.Fit;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReport;
import io.lockstep.data.source.table.Tables;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Where data is read and kept: this process, or the executors of a Spark cluster. What is done is
 * the same everywhere, bit for bit.
 *
 * @param <P> the pieces of a source, as they are kept there
 */
public interface Site<P> {
  /** Hadoop's settings, as files are opened with. */
  Configuration hadoop();

  /** Opens tables that only an engine can read. */
  Tables tables();

  /** Reads all splits of a layout, and keeps their blocks until the result is closed. */
  Raw<P> read(ExampleSource source, SourceLayout layout) throws IOException;

  /** Lets go of pieces that nobody needs any more. */
  void release(P pieces);

  /**
   * The splits of a source, read.
   *
   * @param <P> as in {@link Site}
   */
  interface Raw<P> extends Closeable {
    /** What was found in them, in their order. */
    List<SplitReport> reports();

    /** What is learned of the training examples; the same wherever it is done. */
    <R> R fit(Exchange exchange, Fit<R> fit);

    /** Sends each example to the piece that owns it. */
    P exchange(Exchange exchange);

    /** Lets go of what was read; the pieces stay. */
    @Override
    void close();
  }
}
