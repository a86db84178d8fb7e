package example;

import io.lockstep.app.TrainedModel;
import io.lockstep.app.Training;
import io.lockstep.plan.DataPlan.Normalization;
import io.lockstep.plan.PlanBuilder;
import org.apache.spark.sql.SparkSession;

/** The program of README.md, as it stands there. */
public class Digits {
  public static void main(String[] args) throws Exception {
    var plan =
        PlanBuilder.named("digits")
            .train("embedded: mnist-10k")
            .test("embedded: mnist-10k")
            .normalize(Normalization.SCALE)
            .layers("dense: {units: 64, activation: relu}", "dense")
            .optimizer("adam: {learningRate: 0.003}")
            .set("training", "{replicas: 2, batch: 32, localSteps: 10, epochs: 3}")
            .build();
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      TrainedModel model = Training.of(plan).spark(spark).directory(args[0]).overwrite().run();
      System.out.println("accuracy " + model.evaluate("mnist-10k").metric("accuracy"));
    }
  }
}
