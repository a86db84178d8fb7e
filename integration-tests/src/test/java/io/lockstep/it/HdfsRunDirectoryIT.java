package io.lockstep.it;

import io.lockstep.run.RunDirectoryContract;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** The guarantees of a run directory hold on HDFS too. */
@ExtendWith(Clusters.class)
class HdfsRunDirectoryIT extends RunDirectoryContract {
  private final MiniDfs dfs;
  private String test;

  HdfsRunDirectoryIT(MiniDfs dfs) {
    this.dfs = dfs;
  }

  @BeforeEach
  void name(TestInfo info) {
    test = info.getTestMethod().orElseThrow().getName();
  }

  @Override
  protected FileSystem system() throws IOException {
    return dfs.withSingleCopies(); // thousands of files, and more copies prove nothing here
  }

  @Override
  protected Path directory() {
    return new Path(dfs.url("/contract/" + test + "/run"));
  }
}
