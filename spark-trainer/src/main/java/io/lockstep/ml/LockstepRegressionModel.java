package io.lockstep.ml;

import io.lockstep.spark.FrameScoring;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A trained network that predicts a number: makes a column of predictions, a block of rows at a
 * time.
 *
 * <p>Holds Lockstep's model file, which it saves as {@code model.zip}: the command line scores with
 * it, and plain DL4J loads it.
 */
public final class LockstepRegressionModel extends RegressionModel<Vector, LockstepRegressionModel>
    implements MLWritable {
  private static final long serialVersionUID = 1L;

  private String uid; // without a value here: it is asked for before this class's turn comes
  private byte[] file;
  private transient FrameScoring scoring;

  /** For Spark ML, which makes a model before it has its file. */
  public LockstepRegressionModel(String uid) {
    this(Uid.leave(uid), null);
  }

  LockstepRegressionModel(String uid, byte[] file) {
    this(Uid.leave(uid), file);
  }

  private LockstepRegressionModel(Uid left, byte[] file) {
    left.given(this);
    this.file = file;
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uid.take();
    }
    return uid;
  }

  /** Lockstep's model file, as {@code lockstep train} writes it. */
  public byte[] modelFile() {
    return file.clone();
  }

  private synchronized FrameScoring scoring() {
    if (scoring == null) {
      scoring = ModelBytes.scoring(file);
    }
    return scoring;
  }

  @Override
  public int numFeatures() {
    return scoring().features();
  }

  @Override
  public double predict(Vector features) {
    return scoring().output(features.toArray())[0];
  }

  /** Adds the column; nothing is computed before somebody asks for rows. */
  @Override
  public Dataset<Row> transform(Dataset<?> data) {
    StructType schema = transformSchema(data.schema());
    AddedColumns added = AddedColumns.of(schema, data.schema(), getPredictionCol());
    return scoring()
        .rows(
            data.toDF(),
            data.schema().fieldIndex(getFeaturesCol()),
            schema,
            (row, output) -> added.row(row, (double) output[0]));
  }

  @Override
  public LockstepRegressionModel copy(ParamMap extra) {
    var copy = new LockstepRegressionModel(uid(), file);
    copyValues(copy, extra);
    copy.setParent(parent());
    return copy;
  }

  @Override
  public MLWriter write() {
    return new ModelWriter(this, file);
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepRegressionModel> read() {
    return new Reader();
  }

  /** Reads one that was saved. */
  public static LockstepRegressionModel load(String path) {
    return read().load(path);
  }

  private static final class Reader extends MLReader<LockstepRegressionModel> {
    @Override
    public LockstepRegressionModel load(String path) {
      LockstepRegressionModel model = new DefaultParamsReader<LockstepRegressionModel>().load(path);
      model.file = ModelBytes.readBeside(path, sparkSession().sparkContext().hadoopConfiguration());
      return model;
    }
  }
}
