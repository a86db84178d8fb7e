package io.lockstep.bench;

import io.lockstep.bench.TableData.Split;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassifier;
import ml.dmlc.xgboost4j.scala.spark.XGBoostRegressor;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The same tables through Spark ML's pipelines, written as its guide has them. */
record SparkMlPeers(SparkSession session, TableData table, Split files) {
  /** A network with as many hidden units as Lockstep's; L-BFGS to the end of its 100 iterations. */
  double perceptron() {
    Dataset<Row> rows = table.read(session, files.train()).cache();
    try {
      PipelineModel prepared = new Pipeline().setStages(stages()).fit(rows);
      Dataset<Row> ready = prepared.transform(rows);
      int inputs = ready.select("features").first().<Vector>getAs(0).size();
      var learner =
          new MultilayerPerceptronClassifier()
              .setLayers(new int[] {inputs, 32, 2})
              .setLabelCol("label")
              .setFeaturesCol("features")
              .setSeed(42);
      return figure(
          learner.fit(ready).transform(prepared.transform(table.read(session, files.test()))));
    } finally {
      rows.unpersist();
    }
  }

  /** 100 trees of XGBoost's usual depth. */
  double boostedTrees() {
    Dataset<Row> rows = table.read(session, files.train()).cache();
    try {
      PipelineModel prepared = new Pipeline().setStages(stages()).fit(rows);
      Dataset<Row> ready = prepared.transform(rows);
      Dataset<Row> test = prepared.transform(table.read(session, files.test()));
      if (table.classes()) {
        var trees = new XGBoostClassifier();
        trees.setNumRound(100);
        trees.setNumWorkers(2);
        trees.setRabitTrackerHostIp("127.0.0.1");
        trees.setLabelCol("label");
        trees.setFeaturesCol("features");
        return figure(trees.fit(ready).transform(test));
      }
      var trees = new XGBoostRegressor();
      trees.setNumRound(100);
      trees.setNumWorkers(2);
      trees.setRabitTrackerHostIp("127.0.0.1");
      trees.setLabelCol("label");
      trees.setFeaturesCol("features");
      return figure(trees.fit(ready).transform(test));
    } finally {
      rows.unpersist();
    }
  }

  private double figure(Dataset<Row> predicted) {
    return table.classes()
        ? new MulticlassClassificationEvaluator()
            .setLabelCol("label")
            .setMetricName("accuracy")
            .evaluate(predicted)
        : new RegressionEvaluator().setLabelCol("label").setMetricName("rmse").evaluate(predicted);
  }

  /**
   * Words to one-hot vectors, all of it to one vector, and that standardised: trees do not mind,
   * and such vectors are dense, which XGBoost4J-Spark wants.
   */
  private PipelineStage[] stages() {
    List<PipelineStage> stages = new ArrayList<>();
    List<String> inputs = new ArrayList<>(table.numbers());
    for (String column : table.words()) {
      stages.add(
          new StringIndexer()
              .setInputCol(column)
              .setOutputCol(column + "_id")
              .setHandleInvalid("keep"));
      stages.add(new OneHotEncoder().setInputCol(column + "_id").setOutputCol(column + "_vector"));
      inputs.add(column + "_vector");
    }
    stages.add(
        new VectorAssembler().setInputCols(inputs.toArray(String[]::new)).setOutputCol("raw"));
    stages.add(new StandardScaler().setWithMean(true).setInputCol("raw").setOutputCol("features"));
    stages.add(
        table.classes()
            ? new StringIndexer().setInputCol(table.label()).setOutputCol("label")
            : new SQLTransformer()
                .setStatement("SELECT *, %s AS label FROM __THIS__".formatted(table.label())));
    return stages.toArray(PipelineStage[]::new);
  }
}
