package io.lockstep.data.source.table;

import io.lockstep.data.source.ExampleSource;
import java.io.IOException;

/** Opens tables that only an engine can read. */
public interface Tables extends AutoCloseable {
  /** Of a place without such an engine. */
  Tables NONE = table -> table;

  /**
   * The examples of a table; usable until this is closed.
   *
   * @throws io.lockstep.data.InputException if there is no such table, or it cannot be read
   * @throws IOException if a file system fails
   */
  ExampleSource open(StoredTable table) throws IOException;

  /** Any source, opened if it is such a table. */
  default ExampleSource opened(ExampleSource source) throws IOException {
    return source instanceof StoredTable table ? open(table) : source;
  }

  /** Lets go of what was opened to read them. */
  @Override
  default void close() {}
}
