package io.lockstep.ml;

import io.lockstep.spark.FrameScoring;
import java.util.Optional;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * A trained network that tells classes apart: makes columns of raw predictions (logarithms of the
 * probabilities), probabilities and predictions, a block of rows at a time.
 *
 * <p>Holds Lockstep's model file, which it saves as {@code model.zip}: the command line scores with
 * it, and plain DL4J loads it.
 */
public final class LockstepClassificationModel
    extends ProbabilisticClassificationModel<Vector, LockstepClassificationModel>
    implements MLWritable {
  private static final long serialVersionUID = 1L;

  private String uid; // without a value here: it is asked for before this class's turn comes
  private byte[] file;
  private transient FrameScoring scoring;

  /** For Spark ML, which makes a model before it has its file. */
  public LockstepClassificationModel(String uid) {
    this(Uid.leave(uid), null);
  }

  LockstepClassificationModel(String uid, byte[] file) {
    this(Uid.leave(uid), file);
  }

  private LockstepClassificationModel(Uid left, byte[] file) {
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
  public int numClasses() {
    return scoring().classes();
  }

  @Override
  public int numFeatures() {
    return scoring().features();
  }

  @Override
  public Vector predictRaw(Vector features) {
    return raw(scoring().output(features.toArray()));
  }

  private static Vector raw(float[] output) {
    double[] raw = probabilities(output);
    for (int i = 0; i < raw.length; i++) {
      raw[i] = Math.log(Math.max(raw[i], Float.MIN_NORMAL));
    }
    return Vectors.dense(raw);
  }

  /** One output is the probability of the second of two classes. */
  private static double[] probabilities(float[] output) {
    if (output.length == 1) {
      return new double[] {1.0 - output[0], output[0]};
    }
    double[] probabilities = new double[output.length];
    for (int i = 0; i < output.length; i++) {
      probabilities[i] = output[i];
    }
    return probabilities;
  }

  @Override
  public Vector raw2probabilityInPlace(Vector raw) {
    double[] values = ((DenseVector) raw).values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i]);
    }
    return raw;
  }

  /** Adds the columns; nothing is computed before somebody asks for rows. */
  @Override
  public Dataset<Row> transform(Dataset<?> data) {
    StructType schema = transformSchema(data.schema());
    var columns =
        new Columns(
            schema,
            data.schema(),
            getRawPredictionCol(),
            getProbabilityCol(),
            getPredictionCol(),
            isDefined(thresholds()) ? Optional.of(getThresholds()) : Optional.empty());
    return scoring()
        .rows(data.toDF(), data.schema().fieldIndex(getFeaturesCol()), schema, columns.made());
  }

  /** Which column of the result is what. */
  private record Columns(
      StructType result,
      StructType given,
      String raw,
      String probability,
      String prediction,
      Optional<double[]> thresholds) {
    FrameScoring.Scored<Row> made() {
      AddedColumns added = AddedColumns.of(result, given, raw, probability, prediction);
      double[] parts = thresholds.orElse(null);
      return (row, output) -> {
        double[] probabilities = probabilities(output);
        return added.row(
            row,
            LockstepClassificationModel.raw(output),
            Vectors.dense(probabilities),
            predicted(probabilities, parts));
      };
    }

    /** The most probable class; with thresholds the one with the largest quotient by its own. */
    private static double predicted(double[] probabilities, double[] thresholds) {
      int best = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < probabilities.length; i++) {
        double worth = thresholds == null ? probabilities[i] : probabilities[i] / thresholds[i];
        if (worth > largest) {
          best = i;
          largest = worth;
        }
      }
      return best;
    }
  }

  /**
   * For summaries of Spark's own classifiers, which this one has none of; declared here, since Java
   * takes the two of the classes above for different methods.
   */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Tuple3 findSummaryModel() {
    return new Tuple3(this, getProbabilityCol(), getPredictionCol());
  }

  @Override
  public LockstepClassificationModel copy(ParamMap extra) {
    var copy = new LockstepClassificationModel(uid(), file);
    copyValues(copy, extra);
    copy.setParent(parent());
    return copy;
  }

  @Override
  public MLWriter write() {
    return new ModelWriter(this, file);
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepClassificationModel> read() {
    return new Reader();
  }

  /** Reads one that was saved. */
  public static LockstepClassificationModel load(String path) {
    return read().load(path);
  }

  private static final class Reader extends MLReader<LockstepClassificationModel> {
    @Override
    public LockstepClassificationModel load(String path) {
      LockstepClassificationModel model =
          new DefaultParamsReader<LockstepClassificationModel>().load(path);
      model.file = ModelBytes.readBeside(path, sparkSession().sparkContext().hadoopConfiguration());
      return model;
    }
  }
}
