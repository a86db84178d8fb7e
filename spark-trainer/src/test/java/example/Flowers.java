package example;

import io.lockstep.ml.LockstepClassifier;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The program of docs/guide/dataframes.md, as it stands there. */
public class Flowers {
  public static void main(String[] args) throws Exception {
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      Dataset<Row> flowers =
          spark
              .range(300)
              .selectExpr(
                  "id",
                  "id % 20 / 10D - 1 AS width",
                  "id % 13 / 6D - 1 AS length",
                  "IF(id % 20 > 9, 'rose', 'lily') AS name");
      var pipeline =
          new Pipeline()
              .setStages(
                  new PipelineStage[] {
                    new StringIndexer().setInputCol("name").setOutputCol("label"),
                    new VectorAssembler()
                        .setInputCols(new String[] {"width", "length"})
                        .setOutputCol("features"),
                    new LockstepClassifier()
                        .setLayers("dense: {units: 8, activation: relu}", "dense")
                        .setLearningRate(0.02)
                        .setReplicas(2)
                        .setEpochs(20)
                        .setIdCol("id")
                  });
      PipelineModel model = pipeline.fit(flowers);
      model.write().save(args[0]);
      Dataset<Row> told = PipelineModel.load(args[0]).transform(flowers);
      System.out.println("right " + told.where("label = prediction").count());
    }
  }
}
