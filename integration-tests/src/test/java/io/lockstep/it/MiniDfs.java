package io.lockstep.it;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.client.HdfsClientConfigKeys;

/** An HDFS of one name node and one data node in the test's JVM, reached over the network. */
final class MiniDfs implements AutoCloseable {
  private static final int DATA_NODES = 1;

  private final MiniDFSCluster cluster;

  MiniDfs() throws IOException {
    Configuration conf = new HdfsConfiguration();
    conf.set(
        MiniDFSCluster.HDFS_MINIDFS_BASEDIR, Path.of("target", "dfs").toAbsolutePath().toString());
    // The name node often hears of a block after the client asks; 400 ms is a long time to ask
    // again.
    conf.setInt(HdfsClientConfigKeys.BlockWrite.LOCATEFOLLOWINGBLOCK_INITIAL_DELAY_MS_KEY, 5);
    cluster = new MiniDFSCluster.Builder(conf).numDataNodes(DATA_NODES).build();
    cluster.waitActive();
  }

  FileSystem fileSystem() throws IOException {
    return cluster.getFileSystem();
  }

  /** The full address of {@code path}, such as {@code hdfs://localhost:4711/data/digits.csv}. */
  String url(String path) {
    return cluster.getURI().resolve(path).toString();
  }

  @Override
  public void close() {
    cluster.shutdown(true);
  }
}
