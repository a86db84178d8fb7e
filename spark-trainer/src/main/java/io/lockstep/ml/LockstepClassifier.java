package io.lockstep.ml;

import java.util.Optional;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.Option;

/**
 * A network that tells classes apart, as an estimator of Spark ML: features are a column of
 * vectors, labels are 0, 1, 2 ... as {@code StringIndexer} makes them.
 *
 * <pre>{@code
 * new LockstepClassifier().setLayers("dense: {units: 32, activation: relu}", "dense").setEpochs(30)
 * }</pre>
 *
 * <p>The same engine as the command line's: with {@link #idCol} the weights do not depend on the
 * order of rows, on partitions or on the cluster. Not thread-safe.
 */
public final class LockstepClassifier
    extends ProbabilisticClassifier<Vector, LockstepClassifier, LockstepClassificationModel>
    implements LockstepParams<LockstepClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private String uid; // without a value here: it is asked for before this class's turn comes
  private final ParamSet params;

  /** An estimator under a new uid. */
  public LockstepClassifier() {
    this(Identifiable$.MODULE$.randomUID("lockstepClassifier"));
  }

  /** An estimator under a uid. */
  public LockstepClassifier(String uid) {
    this(Uid.leave(uid));
  }

  private LockstepClassifier(Uid left) {
    left.given(this);
    params = ParamSet.of(this);
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uid.take();
    }
    return uid;
  }

  @Override
  public ParamSet paramSet() {
    return params;
  }

  /**
   * Trains.
   *
   * @throws io.lockstep.data.InputException if params or data must be mended
   */
  @Override
  public LockstepClassificationModel train(Dataset<?> data) {
    var fit =
        new Fit(this, getFeaturesCol(), getLabelCol(), Optional.of(classes(data, getLabelCol())));
    return new LockstepClassificationModel(uid(), fit.run(data));
  }

  /** As the label's metadata says, else one more than the largest. */
  private static int classes(Dataset<?> data, String label) {
    Attribute attribute = Attribute.fromStructField(data.schema().apply(label));
    if (attribute instanceof BinaryAttribute) {
      return 2;
    }
    Option<Object> known =
        attribute instanceof NominalAttribute nominal ? nominal.getNumValues() : Option.empty();
    if (known.isDefined()) {
      return (int) known.get();
    }
    Row largest = data.toDF().agg(functions.max(functions.col(label))).head();
    return largest.isNullAt(0) ? 2 : Math.max(2, 1 + (int) largest.getDouble(0));
  }

  @Override
  public LockstepClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads one that was saved. */
  public static LockstepClassifier load(String path) {
    return read().load(path);
  }
}
