package io.lockstep.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The params of {@link LockstepParams}, of one estimator. Their values are the estimator's. */
public record ParamSet(
    Param<String> plan,
    StringArrayParam layers,
    Param<String> loss,
    Param<String> optimizer,
    DoubleParam learningRate,
    IntParam epochs,
    IntParam batchSize,
    IntParam replicas,
    IntParam localSteps,
    LongParam seed,
    Param<String> normalize,
    Param<String> weightCol,
    Param<String> idCol,
    Param<String> validationIndicatorCol,
    Param<String> directory)
    implements Serializable {
  static ParamSet of(Params of) {
    return new ParamSet(
        new Param<>(of, "plan", "a whole plan: YAML, or the path of a file"),
        new StringArrayParam(of, "layers", "layers, each as an item of model.layers of a plan"),
        new Param<>(of, "loss", "loss, such as mae; without it the data decides"),
        new Param<>(of, "optimizer", "optimizer, such as adam or sgd: {momentum: 0.9}"),
        new DoubleParam(of, "learningRate", "learning rate of the optimizer"),
        new IntParam(of, "epochs", "passes over the training rows"),
        new IntParam(of, "batchSize", "rows of a minibatch of a replica"),
        new IntParam(of, "replicas", "replicas that train side by side"),
        new IntParam(of, "localSteps", "minibatches of a replica between two rounds"),
        new LongParam(of, "seed", "seed of all that is drawn"),
        new Param<>(of, "normalize", "what is done to features: none or standardize"),
        new Param<>(of, "weightCol", "column of the rows' weights, 0 or more"),
        new Param<>(of, "idCol", "column of ids, which give rows their order"),
        new Param<>(of, "validationIndicatorCol", "column whose yes holds a row out"),
        new Param<>(of, "directory", "folder in which each fit leaves its run directory"));
  }
}
