package io.lockstep.ml;

import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * A network that predicts a number, as an estimator of Spark ML: features are a column of vectors,
 * the label is a column of numbers. Far from 0 to 1 they want {@code data.standardizeTargets} in a
 * plan; predictions are in the units of the label then too.
 *
 * <pre>{@code
 * new LockstepRegressor().setLayers("dense: {units: 32, activation: relu}", "dense").setEpochs(30)
 * }</pre>
 *
 * <p>The same engine as the command line's: with {@link #idCol} the weights do not depend on the
 * order of rows, on partitions or on the cluster. Not thread-safe.
 */
public final class LockstepRegressor
    extends Regressor<Vector, LockstepRegressor, LockstepRegressionModel>
    implements LockstepParams<LockstepRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private String uid; // without a value here: it is asked for before this class's turn comes
  private final ParamSet params;

  /** An estimator under a new uid. */
  public LockstepRegressor() {
    this(Identifiable$.MODULE$.randomUID("lockstepRegressor"));
  }

  /** An estimator under a uid. */
  public LockstepRegressor(String uid) {
    this(Uid.leave(uid));
  }

  private LockstepRegressor(Uid left) {
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
  public LockstepRegressionModel train(Dataset<?> data) {
    var fit = new Fit(this, getFeaturesCol(), getLabelCol(), Optional.empty());
    return new LockstepRegressionModel(uid(), fit.run(data));
  }

  @Override
  public LockstepRegressor copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads one that was saved. */
  public static LockstepRegressor load(String path) {
    return read().load(path);
  }
}
