package example;

import static org.apache.spark.sql.functions.expr;

import io.lockstep.app.Examples;
import io.lockstep.app.TrainedModel;
import io.lockstep.app.Training;
import io.lockstep.plan.PlanBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The program of docs/data.md, as it stands there. */
public class Frames {
  public static void main(String[] args) throws Exception {
    var plan =
        PlanBuilder.named("ring")
            .train("given")
            .validation(0.1)
            .layers(
                "dense: {units: 16, activation: tanh}", "dense: {units: 2, activation: softmax}")
            .loss("categoricalCrossentropy")
            .optimizer("adam: {learningRate: 0.02}")
            .set("training", "{replicas: 2, batch: 16, localSteps: 5, epochs: 10}")
            .build();
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      Dataset<Row> points =
          spark
              .range(2000)
              .select(
                  expr("id % 50 / 25D - 1 AS x"),
                  expr("id / 50 / 20D - 1 AS y"),
                  expr("if(x * x + y * y < 0.6, 'inside', 'outside') AS place"));
      TrainedModel model =
          Training.of(plan).train(Examples.of(points).label("place")).directory(args[0]).run();
      System.out.println("loss " + model.scores("validation").orElseThrow().at("/metrics/loss"));
    }
  }
}
