package io.lockstep.it;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.client.HdfsClientConfigKeys;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;

/** An HDFS of one name node and three data nodes in the test's JVM, reached over the network. */
final class MiniDfs implements AutoCloseable {
  private static final int DATA_NODES = 3;

  private final MiniDFSCluster cluster;
  private final FileSystem singleCopies;

  MiniDfs() throws IOException {
    Configuration conf = new HdfsConfiguration();
    conf.set(
        MiniDFSCluster.HDFS_MINIDFS_BASEDIR,
        java.nio.file.Path.of("target", "dfs").toAbsolutePath().toString());
    // The name node often hears of a block after the client asks; 400 ms is a long time to ask
    // again.
    conf.setInt(HdfsClientConfigKeys.BlockWrite.LOCATEFOLLOWINGBLOCK_INITIAL_DELAY_MS_KEY, 5);
    cluster = new MiniDFSCluster.Builder(conf).numDataNodes(DATA_NODES).build();
    cluster.waitActive();
    conf.setInt(HdfsClientConfigKeys.DFS_REPLICATION_KEY, 1);
    singleCopies = FileSystem.newInstance(cluster.getURI(), conf);
  }

  FileSystem fileSystem() throws IOException {
    return cluster.getFileSystem();
  }

  /** The full address of {@code path}, such as {@code hdfs://localhost:4711/data/digits.csv}. */
  String url(String path) {
    return cluster.getURI().resolve(path).toString();
  }

  /** The same files, each of whose blocks is kept by one data node. */
  FileSystem withSingleCopies() {
    return singleCopies;
  }

  /** A data node dies; closing what is returned starts it again. */
  AutoCloseable withoutDataNode(int number) {
    DataNodeProperties stopped = cluster.stopDataNode(number);
    return () -> {
      cluster.restartDataNode(stopped, true);
      cluster.waitActive();
    };
  }

  /** The name node changes nothing any more; closing what is returned ends that. */
  AutoCloseable inSafeMode() throws IOException {
    safeMode(SafeModeAction.SAFEMODE_ENTER);
    return () -> safeMode(SafeModeAction.SAFEMODE_LEAVE);
  }

  /** What the client of one version of Hadoop calls by a name that another does not know. */
  private void safeMode(SafeModeAction action) throws IOException {
    cluster.getNameNodeRpc().setSafeMode(action, false);
  }

  /** Limits what may lie in {@code folder}: names, and bytes with all copies. */
  void limit(String folder, long names, long bytes) throws IOException {
    Path path = new Path(folder);
    cluster.getFileSystem().mkdirs(path);
    cluster.getFileSystem().setQuota(path, names, bytes);
  }

  /** How many names lie in {@code folder}, its own with them. */
  long names(String folder) throws IOException {
    return cluster.getFileSystem().getQuotaUsage(new Path(folder)).getFileAndDirectoryCount();
  }

  @Override
  public void close() {
    cluster.shutdown(true);
  }
}
