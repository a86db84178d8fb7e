package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.run.RunDirectory;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where a user says that a model is: a run directory, or a model file. */
final class ModelPath {
  private ModelPath() {}

  /**
   * The model's file.
   *
   * @throws InputException if it is a run directory whose run has no model yet
   */
  static String file(String model, Configuration settings) throws IOException {
    if (!isFolder(new Path(model), settings)) {
      return model;
    }
    RunDirectory run = RunDirectory.open(settings, model);
    if (!run.hasModel()) {
      throw new InputException(
          "%1$s has no model yet: finish the run with `lockstep train --resume %1$s`"
              .formatted(model));
    }
    return run.model().toString();
  }

  /** The file of the plan beside the model, if there is one. */
  static Optional<String> plan(String model, Configuration settings) throws IOException {
    Path path = new Path(model);
    Path folder = isFolder(path, settings) ? path : path.getParent();
    if (folder == null || !folder.getFileSystem(settings).exists(new Path(folder, "plan.yaml"))) {
      return Optional.empty();
    }
    return Optional.of(new Path(folder, "plan.yaml").toString());
  }

  private static boolean isFolder(Path path, Configuration settings) throws IOException {
    FileSystem files = path.getFileSystem(settings);
    return files.exists(path) && files.getFileStatus(path).isDirectory();
  }
}
