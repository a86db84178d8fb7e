package io.lockstep.run;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Local files without permissions: without its native library Hadoop starts a process for each file
 * it makes, only to set them.
 */
final class QuickLocalFileSystem extends RawLocalFileSystem {
  QuickLocalFileSystem() throws IOException {
    initialize(getUri(), new Configuration());
  }

  @Override
  public void setPermission(Path path, FsPermission permission) {}
}
