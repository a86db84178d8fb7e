package io.lockstep.ml;

import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;

/** Saves a model: its params as Spark ML has them, and beside them its file, model.zip. */
final class ModelWriter extends MLWriter {
  private final Params model;
  private final byte[] file;

  ModelWriter(Params model, byte[] file) {
    this.model = model;
    this.file = file;
  }

  @Override
  public void saveImpl(String path) {
    new DefaultParamsWriter(model).saveImpl(path);
    ModelBytes.writeBeside(path, file, sparkSession().sparkContext().hadoopConfiguration());
  }
}
