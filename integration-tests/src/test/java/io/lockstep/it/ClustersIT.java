package io.lockstep.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The fixtures themselves: if these fail, no other integration test says anything. */
@ExtendWith(Clusters.class)
class ClustersIT {
  @Test
  void executorsOfTheClusterReadWhatIsInHdfs(SparkCluster cluster, MiniDfs dfs) throws Exception {
    Path file = new Path(dfs.url("/probe.txt"));
    try (FSDataOutputStream out = dfs.fileSystem().create(file)) {
      out.writeBytes("one\ntwo\nthree\n");
    }
    SparkConf conf =
        new SparkConf(false)
            .setMaster(cluster.url())
            .setAppName("probe")
            .set("spark.executor.memory", "600m")
            .set("spark.ui.enabled", "false");

    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      List<String> lines = spark.textFile(file.toString(), 2).collect();

      assertThat(lines).containsExactly("one", "two", "three");
      assertThat(cluster.executors()).isNotEmpty();
    }
  }
}
