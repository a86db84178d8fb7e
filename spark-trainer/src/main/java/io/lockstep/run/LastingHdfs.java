package io.lockstep.run;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * HDFS as a long run needs it: a data node that dies ends no file that is being written.
 *
 * <p>A client that lost a data node looks for another one to take its place, and by default fails
 * if there is none, as in a cluster of three. With its best effort it goes on with those that are
 * left; the name node copies the blocks when the file is closed. The setting is read when a client
 * is made and clients are shared, so one that was made without it, by Spark or the user, is not
 * used.
 */
final class LastingHdfs {
  /** The setting of HDFS clients, for whoever makes them. */
  private static final String BEST_EFFORT =
      "dfs.client.block.write.replace-datanode-on-failure.best-effort";

  private LastingHdfs() {}

  /** {@code found}, or, if it is an HDFS client that gives up, one of its own that does not. */
  static FileSystem client(FileSystem found) throws IOException {
    if (!"hdfs".equals(found.getUri().getScheme())
        || found.getConf().getBoolean(BEST_EFFORT, false)) {
      return found;
    }
    var settings = new Configuration(found.getConf());
    settings.setBoolean(BEST_EFFORT, true);
    // Hadoop closes it with the JVM, as it does those that are shared.
    return FileSystem.newInstance(found.getUri(), settings);
  }
}
