package io.lockstep.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * What both estimators can be told, in the words of plans and of Keras. What is not set is as the
 * plan has it, or as {@link #plan} says otherwise.
 *
 * @param <E> the estimator
 */
public interface LockstepParams<E extends LockstepParams<E>> extends Params {
  /** The params themselves. */
  ParamSet paramSet();

  /** A whole plan: YAML, or the path of a file; params that are set override it. */
  default Param<String> plan() {
    return paramSet().plan();
  }

  /** The layers, each as an item of {@code model.layers}. */
  default StringArrayParam layers() {
    return paramSet().layers();
  }

  /** The loss, such as {@code mae}; without it the data decides. */
  default Param<String> loss() {
    return paramSet().loss();
  }

  /** The optimizer, such as {@code adam} or {@code sgd: {momentum: 0.9}}. */
  default Param<String> optimizer() {
    return paramSet().optimizer();
  }

  /** The optimizer's learning rate. */
  default DoubleParam learningRate() {
    return paramSet().learningRate();
  }

  /** Passes over the training rows. */
  default IntParam epochs() {
    return paramSet().epochs();
  }

  /** Rows of a minibatch of a replica. */
  default IntParam batchSize() {
    return paramSet().batchSize();
  }

  /** Replicas, which train side by side: as many as there are cores keep all of them busy. */
  default IntParam replicas() {
    return paramSet().replicas();
  }

  /** Minibatches that a replica takes between two rounds. */
  default IntParam localSteps() {
    return paramSet().localSteps();
  }

  /** Seed of all that is drawn. */
  default LongParam seed() {
    return paramSet().seed();
  }

  /** What is done to features: {@code none} or {@code standardize}. */
  default Param<String> normalize() {
    return paramSet().normalize();
  }

  /** Column of the rows' weights, 0 or more. */
  default Param<String> weightCol() {
    return paramSet().weightCol();
  }

  /** Column whose values, different in all rows, give them their order. */
  default Param<String> idCol() {
    return paramSet().idCol();
  }

  /** Column of yes or no, whose yes holds a row out for validation. */
  default Param<String> validationIndicatorCol() {
    return paramSet().validationIndicatorCol();
  }

  /** Folder in which each fit leaves its run directory; without it none is kept. */
  default Param<String> directory() {
    return paramSet().directory();
  }

  /** Sets {@link #plan}. */
  default E setPlan(String value) {
    return with(plan(), value);
  }

  /** Sets {@link #layers}. */
  default E setLayers(String... value) {
    return with(layers(), value);
  }

  /** Sets {@link #loss}. */
  default E setLoss(String value) {
    return with(loss(), value);
  }

  /** Sets {@link #optimizer}. */
  default E setOptimizer(String value) {
    return with(optimizer(), value);
  }

  /** Sets {@link #learningRate}. */
  default E setLearningRate(double value) {
    return with(learningRate(), value);
  }

  /** Sets {@link #epochs}. */
  default E setEpochs(int value) {
    return with(epochs(), value);
  }

  /** Sets {@link #batchSize}. */
  default E setBatchSize(int value) {
    return with(batchSize(), value);
  }

  /** Sets {@link #replicas}. */
  default E setReplicas(int value) {
    return with(replicas(), value);
  }

  /** Sets {@link #localSteps}. */
  default E setLocalSteps(int value) {
    return with(localSteps(), value);
  }

  /** Sets {@link #seed}. */
  default E setSeed(long value) {
    return with(seed(), value);
  }

  /** Sets {@link #normalize}. */
  default E setNormalize(String value) {
    return with(normalize(), value);
  }

  /** Sets {@link #weightCol}. */
  default E setWeightCol(String value) {
    return with(weightCol(), value);
  }

  /** Sets {@link #idCol}. */
  default E setIdCol(String value) {
    return with(idCol(), value);
  }

  /** Sets {@link #validationIndicatorCol}. */
  default E setValidationIndicatorCol(String value) {
    return with(validationIndicatorCol(), value);
  }

  /** Sets {@link #directory}. */
  default E setDirectory(String value) {
    return with(directory(), value);
  }

  @SuppressWarnings({
    "unchecked",
    "rawtypes"
  }) // an estimator is its own E; Scala's set gives it back
  private E with(Param param, Object value) {
    set(param, value);
    return (E) this;
  }
}
