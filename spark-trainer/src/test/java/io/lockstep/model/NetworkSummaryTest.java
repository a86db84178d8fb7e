package io.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.source.Settled;
import io.lockstep.ingest.Survey;
import io.lockstep.plan.PlanFile;
import io.lockstep.plan.ResolvedPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** The table of {@code lockstep config --layers}. */
class NetworkSummaryTest {
  @Test
  void saysOfEachLayerWhatItGivesAndWhoComputesIt() throws IOException {
    assertThat(summary("auto"))
        .containsPattern("conv2d_2 +50 x 8 x 8 +25,050 +im2col and sgemm")
        .containsPattern("dense_5 +10 +5,010 +sgemm, softmax and cross-entropy")
        .contains("431,080 parameters, 1.7 MB as float32")
        .containsPattern("updater: Adam.*\nplatform: .* recurrent steps in ");
  }

  @Test
  void saysNothingOfKernelsWhereThereAreNone() throws IOException {
    assertThat(summary("stock"))
        .endsWith("431,080 parameters, 1.7 MB as float32\n")
        .doesNotContain("computed by", "sgemm", "platform");
  }

  private static String summary(String kernels) throws IOException {
    Configuration hadoop = new Configuration();
    String file = Path.of("..", "conf", "mnist-lenet.yaml").toString();
    ResolvedPlan plan = PlanFile.resolve(file, List.of("compute.kernels=" + kernels), hadoop);
    Settled data = Survey.of(plan.plan().data().train(), hadoop);
    return NetworkSummary.of(plan.plan(), NetworkInput.of(data), data.labels(), plan.origins());
  }
}
