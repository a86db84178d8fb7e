package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnginesTest {
  @ParameterizedTest
  @CsvSource({
    "'', lockstep digits",
    "lockstep-9.9.jar, lockstep digits",
    "io.lockstep.cli.Main, lockstep digits",
    "the third trial, the third trial",
    "trial.jar, trial.jar"
  })
  void anApplicationIsNamedAfterItsPlanUnlessTheUserNamedIt(String submitted, String name) {
    SparkConf conf = new SparkConf(false);
    if (!submitted.isEmpty()) {
      conf.setAppName(submitted);
    }

    Engines.name(conf, "digits", new String[] {"file:/opt/lib/lockstep-9.9.jar"});

    assertThat(conf.get("spark.app.name")).isEqualTo(name);
  }

  @Test
  void executorsHaveOneNativeThreadAndTheVectorModuleWhateverElseTheUserTellsThem() {
    SparkConf conf = new SparkConf(false).set("spark.executor.extraJavaOptions", "-Dmine=1");

    Engines.bringVectors(SparkSettings.apply(conf), "--add-opens=java.base/java.nio=ALL-UNNAMED");

    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo("--add-modules=jdk.incubator.vector -Dmine=1");
    assertThat(conf.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("1");
  }

  @Test
  void theVectorModuleIsNotNamedTwice() {
    SparkConf conf = new SparkConf(false);

    Engines.bringVectors(conf, "--add-modules=jdk.incubator.vector");

    assertThat(conf.contains("spark.executor.extraJavaOptions")).isFalse();
  }
}
