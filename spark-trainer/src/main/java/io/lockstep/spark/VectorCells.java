package io.lockstep.spark;

import org.apache.spark.ml.linalg.Vector;

/** Vectors of Spark ML; apart, since a cluster may lack Spark ML. */
final class VectorCells {
  private VectorCells() {}

  /** All numbers of a dense or sparse vector. */
  static double[] doubles(Object cell) {
    return ((Vector) cell).toArray();
  }
}
