package io.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.config.Types;
import io.lockstep.data.InputException;
import io.lockstep.data.source.idx.EmbeddedSource;
import io.lockstep.model.layer.NetworkLayer;
import io.lockstep.plan.TrainingPlan.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanParserTest {
  /** The least that a plan must say. */
  static final String MINIMAL =
      """
      data:
        train: {embedded: mnist-10k}
      model:
        layers:
          - dense: {units: 10, activation: softmax}
        loss: categoricalCrossentropy
      """;

  /** Uses every kind of value, and few defaults. */
  static final String RICH =
      """
      name: rich
      seed: -9_000_000_000
      data:
        train:
          csv:
            path: "hdfs://host:8020/a b.csv"
            label: 'true'
            features: [x, "1", 'a, "b"']
            classes: [no, yes, 1e3]
            delimiter: tab
            header: false
            shape: [1, 2, 2]
        test: {idx: {images: i.gz, labels: l.gz, classes: [a, "#b"]}}
        validation: 0.25
        normalize: standardize
      model:
        layers:
          - conv2d:
              filters: 4
              kernel: [3, 2]
              padding: same
              activation: {leakyRelu: 0.01}
              kernelInitializer: {randomUniform: {min: -0.1, max: 0.2}}
              l1: 1e-9
          - batchNormalization: {momentum: 0.9, center: false, scale: false}
          - activation: relu
          - averagePooling2d: {pool: 2, strides: [1, 2]}
          - zeroPadding2d: [1, 0]
          - flatten
          - dropout: 0.5
          - dense: 3
          - activation: softmax
        loss: mse
        optimizer:
          nesterov:
            momentum: 0.95
            learningRate: {cosine: {initial: 0.1, length: 30, warmup: 2, per: epoch}}
        regularization: {l2: 1e-4}
        gradientClipping: {norm: {norm: 5, of: layer}}
      training:
        mode: averaging
        replicas: 3
        outer: {learningRate: 0.7, momentum: 0.9}
        earlyStopping: {metric: f1, patience: 4, minDelta: 1e-3}
      evaluation: {topK: 2}
      compute: {kernels: stock, threads: 2}
      run: {engine: inProcess, directory: "s3a://bucket/x", checkpointRounds: 7}
      """;

  private static Plan parse(String yaml, String... overrides) {
    return PlanParser.parse(yaml, "plan.yaml", List.of(overrides));
  }

  private static String problems(String yaml, String... overrides) {
    try {
      parse(yaml, overrides);
    } catch (InputException e) {
      return e.getMessage();
    }
    throw new AssertionError("no problem was found");
  }

  @Test
  void fillsInDefaults() {
    Plan plan = parse(MINIMAL);
    assertThat(plan.seed()).isEqualTo(42);
    assertThat(plan.training().mode()).isEqualTo(Mode.AVERAGING);
    assertThat(plan.training().outer().isPlain()).isTrue();
    assertThat(plan.data().train())
        .isEqualTo(new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TRAIN));
    assertThat(((ModelPlan.Layered) plan.model()).optimizer())
        .isEqualTo(new OptimizerPlan.Adam(new LearningRatePlan.Constant(0.001), 0.9, 0.999, 1e-7));
  }

  @Test
  void imagesMayBeReadRowByRow() {
    Plan plan = parse(MINIMAL, "data.train={embedded: {name: mnist-10k, as: rows}}");
    assertThat(plan.data().train())
        .isEqualTo(new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TRAIN, true));
    assertThat(parse(plan.toYaml())).isEqualTo(plan);
  }

  @Test
  void anEmbeddedSetMeansItsTestPartWhereTestExamplesAreWanted() {
    Plan plan = parse(MINIMAL, "data.test={embedded: mnist-10k}");
    assertThat(plan.data().testSource())
        .contains(new EmbeddedSource("mnist-10k", EmbeddedSource.Part.TEST));
  }

  @Test
  void reportsAllProblemsAtOnceByLineWithTheNearestWord() {
    String yaml =
        """
        nmae: x
        data:
          train: {embeded: mnist-10k}
        model:
          layers:
            - dence: {units: 10}
            - dense: {unitz: 10}
            - dense: {units: 10, activation: softmaxx}
          loss: categoricalCrosentropy
          optimizer: {adam: {learningRate: fast}}
        training:
          replicas: 0
          epoch: 5
          mode: gradients
        """;
    assertThat(problems(yaml, "training.batch=many"))
        .isEqualTo(
            """
            plan.yaml has 11 problems:
              plan.yaml:1: nmae is not a key; did you mean name?
              plan.yaml:3: data.train: embeded is not a source of examples; did you mean embedded?
              plan.yaml:6: model.layers.0: dence is not a layer; did you mean dense?
              plan.yaml:7: model.layers.1.dense.unitz is not a key; did you mean units?
              plan.yaml:8: model.layers.2.dense.activation: softmaxx is not an activation; did you mean softmax?
              plan.yaml:9: model.loss must be one of categoricalCrossentropy, binaryCrossentropy, mse, mae, mape, msle, hinge, squaredHinge, klDivergence, poisson, cosineSimilarity, but is categoricalCrosentropy; did you mean categoricalCrossentropy?
              plan.yaml:10: model.optimizer.adam.learningRate must be a number, above 0, but is fast
              plan.yaml:12: training.replicas must be an integer, from 1 to 4096, but is 0
              plan.yaml:13: training.epoch is not a key; did you mean epochs?
              plan.yaml:14: training.mode must be one of averaging, gradient, but is gradients; did you mean gradient?
              command line: training.batch must be an integer, at least 1, but is many\
            """);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          seed=1.5 | seed must be an integer of 64 bits, but is 1.5
          seed='7' | seed must be an integer of 64 bits, but is the text '7'
          seed=99999999999999999999 | seed must be an integer of 64 bits, but is 99999999999999999999
          name=a/b | name must be at most 100 letters, digits and . _ - and begin with a letter or digit, but is 'a/b'
          data.validation=1 | data.validation must be a number, at least 0 and below 1, but is 1
          data.validation=.nan | data.validation must be a number, at least 0 and below 1, but is .nan
          data.normalize=[scale] | data.normalize must be a text, but is a list
          data.train={embedded: mnist} | data.train.embedded.name must be one of mnist-10k, but is mnist
          data.train={csv: {path: a.csv}} | data.train.csv.label needs a column with classes, or targets columns with numbers; give one of them
          data.train={csv: {path: a.csv, label: y, classes: [a, a]}} | data.train.csv: CSV: a class is named twice in a, a
          data.train={csv: {path: a.csv, label: y, delimiter: ''}} | data.train.csv.delimiter must be a text, but is the text ''
          data.train={csv: {path: a.csv, label: y, decimal: ','}} | data.train.csv.delimiter CSV: the comma is both delimiter and decimal mark
          data.train={csv: {path: a.csv, label: y, features: [a], exclude: b}} | data.train.csv.exclude is for all columns but some
          data.columns=[{number: a, category: b}] | data.columns.0.number name columns here, or under category, date or ignored, and under one of
          data.columns=[{number: a, missing: category}] | data.columns.0.missing category is for categories; others take mean, median or mostFrequent, numbers fill
          data.columns=[{number: a, missing: constant}] | data.columns.0.missing constant needs the constant, under fill
          data.columns=[{number: a, indicator: true}] | data.columns.0.indicator tells what was missing, so say with missing or fill what stands there
          data.train={idx: {images: i}} | data.train.idx.labels is missing (text)
          data=5 | data must be a section with the keys train, test, validation, holdOut, normalize, standardizeTargets, badRecords, columns, but is 5
          epochs=5 | epochs is not a key; it belongs to training
          lr=5 | lr is not a key; the keys here are name, seed, data, model, training, evaluation, compute, run
          training.batchSize=5 | training.batchSize is not a key; did you mean batch?
          training.replics=5 | training.replics is not a key; did you mean replicas?
          training.earlyStopping={metric: naiveMae, patience: 2} | training.earlyStopping.metric must be one of loss,
          training.earlyStopping={metric: acuracy, patience: 2} | training.earlyStopping.metric must be one of loss, accuracy, precision, recall, f1, balancedAccuracy, mcc, topK, auc, auprc, averagePrecision, brier, mse, mae, rmse, r2, mase, crossEntropy, perplexity, bitsPerToken, but is acuracy; did you mean accuracy?
          training.earlyStopping={patience: 2} | training.earlyStopping needs examples to watch; set data.validation above 0
          model.layers=[] | model.layers must have at least one layer
          model.layers={dense: 5} | model.layers must be a list of layers, but is a section
          model.layers=[{dense: , units: 5}] | model.layers.0 must be one word with its keys indented below it, but has dense, units side by side
          model.layers=[lstm] | model.layers.0.lstm.units is missing (integer, from 1 to 16777216)
          model.layers=[5] | model.layers.0: 5 is not a layer; there are dense, conv2d,
          model.layers=[transformer] | model.layers.0: transformer is not a layer; there are dense, conv2d,
          model.layers=[{masking: {mask_value: 0}}] | model.layers.0.masking.mask_value is not a key; did you mean maskValue?
          model.layers=[{bidirectional: {layer: {gru: {units: 3, goBackwards: true}}}}] | model.layers.0.bidirectional.layer must not say goBackwards: true, because bidirectional makes a layer for each direction
          model.layers=[{lstm: {units: 3, recurrentDropout: 0.2}}] | model.layers.0.lstm.recurrentDropout cannot be had: DL4J drops nothing between two steps; take `dropout`, which drops the inputs
          model.layers=[{embedding: {outputDim: 3, mask_zero: true}}] | model.layers.0.embedding.mask_zero cannot be had: which steps are there comes with the data
          model.layers=[{bidirectional: {layer: {dense: 3}}}] | model.layers.0.bidirectional.layer must be a recurrent layer (lstm, gru, simpleRnn),
          model.layers=[{conv2d: {filters: 5, kernel_size: 3}}] | model.layers.0.conv2d.kernel_size is not a key; did you mean kernel?
          model.layers=[{conv2d: {filters: 5, kernel: [3, 3, 3]}}] | model.layers.0.conv2d.kernel must be one number or two, but has 3
          model.layers=[{dropout: 1}] | model.layers.0.dropout.rate must be a number, at least 0 and below 1, but is 1
          model.layers=[{flatten: 3}] | model.layers.0.flatten must be a section with no keys, but is 3
          model.layers=[{batchNormalization: {center: false}}] | model.layers.0.batchNormalization.center must be the same as scale, because DL4J knows only both
          model.layers.0.dense.activation={relu: 5} | model.layers.0.dense.activation.relu has no keys, but is 5
          model.optimizer=momentum | model.optimizer: momentum is not an optimizer; DL4J has no classical momentum; take nesterov, which converges at least as fast
          model.optimizer={adam: , sgd: } | model.optimizer must be one word with its keys indented below it, but has adam, sgd side by side
          model.optimizer.adam.learningRate={stp: {initial: 1}} | model.optimizer.adam.learningRate: stp is not a learning rate or a schedule; did you mean step?
          model.optimizer.adam.learningRate=-1 | model.optimizer.adam.learningRate must be a number, above 0, but is -1
          model.optimizer.sgd.learningRate={cosine: {initial: 1, length: 5, warmup: 5}} | model.optimizer.sgd.learningRate.cosine.warmup must be shorter than length (5)
          model.dl4j=net.json | model.layers cannot stand beside dl4j, whose file says everything of the model
          model.layers.7.dense.units=5 | --set model.layers.7.dense.units=5: 7 must be the place in a list, from 0 to 0
          run.engine=in-process | run.engine must be one of inProcess, spark, but is in-process; did you mean inProcess?
          training | --set training must be key=value, such as training.epochs=5
          seed=[1 | --set seed=[1 is not YAML after the =
          training.epochs= | --set training.epochs= has no value (an unset variable of the shell?); give one, or training.epochs=null for its default
          """)
  void saysWhatIsWrongAndWhatWouldBeRight(String override, String message) {
    assertThat(problems(MINIMAL, override)).contains(": " + message);
  }

  @Test
  void rulesBetweenKeysNameTheKeyAndItsLine() {
    String yaml = MINIMAL + "training:\n  mode: gradient\n  localSteps: 5\n";
    assertThat(problems(yaml))
        .isEqualTo(
            "plan.yaml:9: training.localSteps must be 1 in gradient mode, where gradients are"
                + " averaged at every step, but is 5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\"b\\c",
        " lead and trail ",
        "tab\tline\nreturn\r",
        "\u0000\u001b\u007f\u0085\u00a0\u2028\ufeff",
        "gr\u00fc\u00df \ud83d\ude00",
        "- # : {[",
        "null",
        "1e3"
      })
  void anyTextIsWrittenAsItWasRead(String text) {
    Plan plan = parse(MINIMAL);
    RunPlan run = plan.run();
    for (String directory : List.of(text, text.repeat(300))) {
      Plan written =
          plan.withRun(
              new RunPlan(
                  run.master(),
                  directory,
                  run.engine(),
                  run.checkpointRounds(),
                  run.keepCheckpoints()));
      assertThat(parse(written.toYaml())).isEqualTo(written);
    }
  }

  @Test
  void duplicateKeysAreProblems() {
    assertThat(problems(MINIMAL + "seed: 1\nseed: 2\n"))
        .isEqualTo("plan.yaml:8: seed is given twice, first at plan.yaml:7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a: [1, 2 | plan.yaml:1: is not YAML:
          a: b: c | plan.yaml:1: is not YAML:
          a: *nothing | plan.yaml:1: is not YAML:
          ? [a, b] | plan.yaml:1: a key must be a word, not a list or a section
          """)
  void brokenYamlIsReportedWithItsLine(String yaml, String message) {
    assertThat(problems(yaml)).startsWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "{}"})
  void anEmptyFileSaysWhatIsMissing(String yaml) {
    assertThat(problems(yaml))
        .contains("plan.yaml:1: data is missing (section)", "plan.yaml:1: model is missing");
  }

  @Test
  void bombsAreDefused() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(problems(laughs.toString())).contains("more than 100000 values, aliases counted");
    assertThat(problems("a: " + "[".repeat(200) + "]".repeat(200))).contains("nested");
    String deep = "a: " + "[".repeat(1_000_000); // more than a thread's stack can hold
    assertThat(problems(deep)).isEqualTo("plan.yaml:1: the file is nested more than 40 deep");
    assertThat(problems("a: 1", "seed=" + "{a: ".repeat(100_000))).contains("is not YAML");
    assertThat(problems("a: &a [*a]")).contains("nested more than 40 deep");
    assertThat(problems("data: !!javax.script.ScriptEngineManager [x]"))
        .contains("plan.yaml:1: data must be a section");
  }

  @Test
  void overridesReachLayersWordsAndWholeSections() {
    Plan plan =
        parse(
            MINIMAL,
            "model.layers.0.dense.activation=sigmoid",
            "model.optimizer.sgd.learningRate=0.5",
            "training={replicas: 4}",
            "training.epochs=9",
            "name=other");
    ModelPlan.Layered model = (ModelPlan.Layered) plan.model();
    assertThat(NetworkLayer.of(model.layers().get(0)).activation())
        .isEqualTo(ActivationPlan.Plain.SIGMOID);
    assertThat(model.optimizer())
        .isEqualTo(new OptimizerPlan.Sgd(new LearningRatePlan.Constant(0.5)));
    assertThat(plan.training().replicas()).isEqualTo(4);
    assertThat(plan.training().epochs()).isEqualTo(9);
    assertThat(plan.name()).isEqualTo("other");
  }

  @Test
  void everyValueHasAnOrigin() {
    ResolvedPlan plan = PlanParser.resolve(MINIMAL, "plan.yaml", List.of("training.epochs=3"));
    assertThat(plan.origins().of("data.train.embedded.name")).contains("plan.yaml:2");
    assertThat(plan.origins().of("model.layers.0")).contains("plan.yaml:5");
    assertThat(plan.origins().of("training.epochs")).contains("command line");
    assertThat(plan.origins().of("seed")).contains("default");
    assertThat(plan.toYaml().lines().filter(line -> !line.endsWith(":") && !line.contains("# ")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {MINIMAL, RICH})
  void whatIsPrintedReadsAsAnEqualPlan(String yaml) {
    ResolvedPlan plan = PlanParser.resolve(yaml, "plan.yaml", List.of());
    assertThat(parse(plan.toYaml())).isEqualTo(plan.plan());
    assertThat(parse(plan.plan().toYaml())).isEqualTo(plan.plan());
    assertThat(parse(plan.toYaml()).toYaml()).isEqualTo(plan.plan().toYaml());
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0,
        1,
        0.1,
        1e-7,
        1e-4,
        123456.789,
        1e20,
        1.0 / 3,
        Double.MIN_VALUE,
        -0.5,
        4.9e-300
      })
  void numbersArePrintedAsTheyAreRead(double value) {
    assertThat(Double.parseDouble(Types.format(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"1e-7, 1e-7", "0.001, 0.001", "5.0, 5", "1e20, 1e20", "100000, 100000"})
  void numbersArePrintedShortly(double value, String text) {
    assertThat(Types.format(value)).isEqualTo(text);
  }

  @Test
  void fingerprintsAreEqualIfAndOnlyIfTheResultIs() {
    Plan plan = parse(RICH);
    assertThat(PlanFingerprint.of(parse(plan.toYaml()))).isEqualTo(PlanFingerprint.of(plan));
    Plan elsewhere = parse(RICH, "run.engine=spark", "run.master=yarn", "name=x");
    assertThat(PlanFingerprint.of(elsewhere)).isEqualTo(PlanFingerprint.of(plan));
    assertThat(PlanFingerprint.differences(plan, elsewhere)).isEmpty();
    Plan other = parse(RICH, "training.replicas=4", "model.layers.0.conv2d.l1=null");
    assertThat(PlanFingerprint.of(other)).isNotEqualTo(PlanFingerprint.of(plan));
    assertThat(PlanFingerprint.differences(plan, other))
        .containsExactly(
            "model.layers.0.conv2d.l1: 1e-9, now absent", "training.replicas: 3, now 4");
  }

  @Test
  void theFingerprintNeverChangesItsMeaning() {
    // A run can be resumed by a later version only while this stays as it is.
    assertThat(PlanFingerprint.of(parse(MINIMAL)))
        .isEqualTo("56a004712097e2de78397431800068a96abc5e5b87b1158dc307fdb4aeeb6037");
  }

  @Test
  void bytesAreGivenInUnits() {
    assertThat(parse(MINIMAL).training().shuffleWindow()).isEqualTo(64L << 20);
    assertThat(parse(MINIMAL, "training.shuffleWindow=3GiB").training().shuffleWindow())
        .isEqualTo(3L << 30);
    assertThat(parse(MINIMAL, "training.shuffleWindow=1000").training().shuffleWindow())
        .isEqualTo(1000);
    for (String wrong : new String[] {"64MB", "-1", "0", "99999999999999TiB", "many"}) {
      assertThatThrownBy(() -> parse(MINIMAL, "training.shuffleWindow=" + wrong))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("must be a number of bytes, such as 64MiB");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bidirectional: {lstm: {units: 8}} | bidirectional: {layer: {lstm: {units: 8}}}
          bidirectional: {gru: 8}           | bidirectional: {layer: {gru: 8}}
          timeDistributed: {dense: 3}       | timeDistributed: {layer: {dense: 3}}
          timeDistributed: flatten          | timeDistributed: {layer: flatten}
          """)
  void aLayerThatHoldsAnotherMayBeWrittenShort(String little, String whole) {
    String yaml =
        """
        data: {train: {embedded: mnist-10k}}
        model: {layers: [{%s}, dense], loss: mae}
        """;
    assertThat(problemsOrPlan(yaml.formatted(little)))
        .isEqualTo(problemsOrPlan(yaml.formatted(whole)));
  }

  private static String problemsOrPlan(String yaml) {
    try {
      return parse(yaml).toYaml();
    } catch (InputException e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          season: 7  | season must be from 1 to window (5), of which
          known: [y] | known column 'y' is also among the targets
          """)
  void whatASourceCannotMeanNamesTheKeyAndItsLine(String key, String why) {
    String yaml =
        """
        data:
          train:
            series: {path: a, time: t, targets: y, window: 5, horizon: 2,
              %s}
        model: {layers: [{lstm: 4}, dense], loss: mae}
        """;
    assertThat(problems(yaml.formatted(key))).startsWith("plan.yaml:4: data.train.series." + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sequences: {path: a, sequence: id, features: [x], label: k, per: step}      | examples of data.train do not go on
          series: {path: a, time: t, targets: y, window: 5, horizon: 2}               | examples of data.train do not go on
          textCsv: {path: a, text: t, label: k}                                       | examples of data.train do not go on
          csv: {path: a, label: k, shape: [2, 3]}                                     | examples of data.train do not go on
          textWindows: {path: a, length: 20, stride: 10}                          | have length 20 and stride 10; leave out stride
          """)
  void stateIsCarriedOnlyThroughRunningText(String source, String why) {
    String yaml =
        """
        data: {train: {%s}}
        model:
          layers: [{lstm: {units: 4, returnSequences: true}}, {dense: {activation: softmax}}]
          loss: categoricalCrossentropy
        training:
          stateful: true
        """;
    assertThatThrownBy(() -> parse(yaml.formatted(source)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("plan.yaml:6: training.stateful ")
        .hasMessageContaining(why);
    assertThat(parse(yaml.formatted("textWindows: {path: a, length: 20}")).training().carries())
        .isTrue();
  }

  @Test
  void plansMadeByProgramsAreCheckedToo() {
    assertThatThrownBy(
            () ->
                new TrainingPlan(
                    Mode.GRADIENT,
                    2,
                    32,
                    10,
                    1,
                    1L << 26,
                    new TrainingPlan.Outer(1, 0),
                    java.util.Optional.empty(),
                    java.util.Optional.empty(),
                    java.util.Optional.empty(),
                    java.util.Optional.empty()))
        .isInstanceOf(InputException.class);
  }
}
