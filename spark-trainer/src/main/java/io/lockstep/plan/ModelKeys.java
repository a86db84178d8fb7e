package io.lockstep.plan;

import static io.lockstep.config.Types.choice;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.number;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Range;
import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Union;
import io.lockstep.plan.LearningRatePlan.Unit;
import io.lockstep.plan.ModelPlan.ClipNorm;
import io.lockstep.plan.ModelPlan.ClipValue;
import io.lockstep.plan.ModelPlan.GradientClipping;
import io.lockstep.plan.ModelPlan.NoClipping;
import io.lockstep.plan.ModelPlan.Regularization;

/**
 * The keys of {@code model}: tasks, losses, optimizers, schedules; layers come from their families.
 */
final class ModelKeys {
  private static final int MAX_STEPS = Integer.MAX_VALUE;

  static final Type<TaskPlan> TASK = choice(TaskPlan.class);
  static final Type<LossPlan> LOSS = choice(LossPlan.class);
  static final Type<LearningRatePlan> LEARNING_RATE = learningRates();
  static final Type<OptimizerPlan> OPTIMIZER = optimizers();
  static final Type<LayerPlan> LAYER = LayerFamily.all();
  static final Type<GradientClipping> CLIPPING = clipping();
  static final Section<Regularization> REGULARIZATION = regularization();
  static final Type<ModelPlan> MODEL = model();

  private ModelKeys() {}

  private static Type<LearningRatePlan> learningRates() {
    Type<Double> rate = number(Range.POSITIVE);
    Type<Double> last = number(Range.NOT_NEGATIVE);
    Type<Integer> length = integer(1, MAX_STEPS);
    Type<Integer> warmup = integer(0, MAX_STEPS);
    String lengthDoc = "Steps or epochs from `initial` to `last`.";
    String warmupDoc =
        "Steps or epochs at the beginning of `length`, from about 0 up to `initial`.";
    return Union.of(LearningRatePlan.class, "a learning rate or a schedule")
        .bare(
            LearningRatePlan.Constant.class,
            Types.map(rate, LearningRatePlan.Constant::new, LearningRatePlan.Constant::rate),
            "The same all the time.")
        .word(
            "step",
            per(
                Section.of(
                        LearningRatePlan.Step.class,
                        "`initial * factor^floor(t / every)`, in stairs")
                    .required("initial", rate, "Rate at the start.")
                    .key("factor", rate, "0.1", "Factor of each stair.")
                    .required("every", length, "Steps or epochs of a stair.")))
        .word(
            "exponential",
            per(
                Section.of(LearningRatePlan.Exponential.class, "`initial * factor^t`")
                    .required("initial", rate, "Rate at the start.")
                    .required("factor", rate, "Factor of each step or epoch, such as 0.95.")))
        .word(
            "inverse",
            per(
                Section.of(
                        LearningRatePlan.Inverse.class,
                        "`initial / (1 + gamma * t)^power`, which Caffe calls inv")
                    .required("initial", rate, "Rate at the start.")
                    .key("gamma", rate, "0.0001", "How fast it falls.")
                    .key("power", rate, "0.75", "How steeply it falls.")))
        .word(
            "polynomial",
            per(
                Section.of(
                        LearningRatePlan.Polynomial.class,
                        "`last + (initial - last) * (1 - t / length)^power`, then `last`")
                    .required("initial", rate, "Rate at the start.")
                    .key("last", last, "0", "Rate at the end.")
                    .key("power", rate, "1", "1 for a straight line.")
                    .required("length", length, lengthDoc)
                    .key("warmup", warmup, "0", warmupDoc)))
        .word(
            "cosine",
            per(
                Section.of(
                        LearningRatePlan.Cosine.class,
                        "`last + (initial - last) * (1 + cos(pi * t / length)) / 2`, then `last`")
                    .required("initial", rate, "Rate at the start.")
                    .key("last", last, "0", "Rate at the end.")
                    .required("length", length, lengthDoc)
                    .key("warmup", warmup, "0", warmupDoc)))
        .word(
            "warmup",
            per(
                Section.of(
                        LearningRatePlan.Warmup.class,
                        "in a straight line up to `rate`, then constant")
                    .required("rate", rate, "Rate after the warm-up.")
                    .required("length", length, "Steps or epochs of the warm-up.")))
        .word(
            "oneCycle",
            per(
                Section.of(
                        LearningRatePlan.OneCycle.class,
                        "along a cosine from `peak / divide` up to `peak`, then down to"
                            + " `peak / divide / divideLast` (Smith and Topin, arXiv 1708.07120)")
                    .required("peak", rate, "Largest rate.")
                    .required("length", length, "Steps or epochs of the whole cycle.")
                    .key(
                        "rise",
                        number(new Range(0, false, 1, false)),
                        "0.3",
                        "Part of `length` that goes up.")
                    .key("divide", rate, "25", "`peak` over the rate at the start.")
                    .key(
                        "divideLast",
                        rate,
                        "10000",
                        "Rate at the start over the rate at the end.")))
        .build();
  }

  private static <T extends Record> Section<T> per(Section.Builder<T> section) {
    return section
        .key(
            "per",
            choice(Unit.class),
            "step",
            "What `t` counts: optimizer steps of a replica, or epochs; both from 0.")
        .build();
  }

  private static Type<OptimizerPlan> optimizers() {
    Type<Double> fraction = number(Range.FRACTION);
    return Union.of(OptimizerPlan.class, "an optimizer")
        .word(
            "sgd",
            rated(Section.of(OptimizerPlan.Sgd.class, "Plain gradient descent."), "0.01").build())
        .word(
            "nesterov",
            rated(
                    Section.of(
                        OptimizerPlan.Nesterov.class,
                        "Gradient descent with Nesterov's momentum; Keras' SGD(nesterov=True)."),
                    "0.01")
                .key("momentum", fraction, "0.9", "Part of the last step that is taken again.")
                .build())
        .word(
            "adagrad",
            epsilon(
                rated(
                    Section.of(
                        OptimizerPlan.Adagrad.class,
                        "Duchi et al. 2011; DL4J's accumulator starts at epsilon, Keras' at 0.1."),
                    "0.001")))
        .word(
            "rmsprop",
            epsilon(
                rated(Section.of(OptimizerPlan.RmsProp.class, "Hinton 2012."), "0.001")
                    .key("rho", fraction, "0.9", "Decay of the mean of squared gradients.")))
        .word(
            "adadelta",
            epsilon(
                Section.of(
                        OptimizerPlan.Adadelta.class,
                        "Zeiler, arXiv 1212.5701; without a learning rate, as in the paper.")
                    .key("rho", fraction, "0.95", "Decay of both means of squares.")))
        .word("adam", adam(Section.of(OptimizerPlan.Adam.class, "Kingma and Ba, arXiv 1412.6980.")))
        .word(
            "adamW",
            adamKeys(
                    Section.of(
                        OptimizerPlan.AdamW.class,
                        "Adam with decoupled weight decay (arXiv 1711.05101); biases do not"
                            + " decay."))
                .key(
                    "weightDecay",
                    number(Range.NOT_NEGATIVE),
                    "0.004",
                    "Times the learning rate, the fraction of each weight taken off at each step.")
                .build())
        .word(
            "adamax",
            adam(
                Section.of(
                    OptimizerPlan.Adamax.class, "Adam with the infinity norm (arXiv 1412.6980).")))
        .word(
            "nadam",
            adam(
                Section.of(
                    OptimizerPlan.Nadam.class,
                    "Adam with Nesterov's momentum (Dozat 2016), without Keras' momentum decay.")))
        .word(
            "amsgrad",
            adam(
                Section.of(
                    OptimizerPlan.AmsGrad.class,
                    "Reddi et al., arXiv 1904.09237; Keras' Adam(amsgrad=True).")))
        .refused("adaBelief", "DL4J 1.0.0-M2.1 fails on its first step; take adam")
        .refused(
            "momentum",
            "DL4J has no classical momentum; take nesterov, which converges at least as fast")
        .build();
  }

  private static <T extends Record> Section.Builder<T> rated(
      Section.Builder<T> section, String rate) {
    return section.key("learningRate", LEARNING_RATE, rate, "Step size: a number, or a schedule.");
  }

  private static <T extends Record> Section<T> epsilon(Section.Builder<T> section) {
    return epsilonKey(section).build();
  }

  private static <T extends Record> Section.Builder<T> epsilonKey(Section.Builder<T> section) {
    return section.key(
        "epsilon", number(Range.POSITIVE), "1e-7", "Keeps divisions from exploding; Keras' value.");
  }

  private static <T extends Record> Section<T> adam(Section.Builder<T> section) {
    return adamKeys(section).build();
  }

  private static <T extends Record> Section.Builder<T> adamKeys(Section.Builder<T> section) {
    Type<Double> fraction = number(Range.FRACTION);
    return epsilonKey(
        rated(section, "0.001")
            .key("beta1", fraction, "0.9", "Decay of the mean of gradients.")
            .key("beta2", fraction, "0.999", "Decay of the mean of squared gradients."));
  }

  private static Type<GradientClipping> clipping() {
    return Union.of(GradientClipping.class, "a clipping")
        .constant("none", NoClipping.NONE, "Gradients as they are.")
        .word(
            "value",
            Section.of(ClipValue.class, "Each gradient value is cut; Keras' clipvalue.")
                .required("value", number(Range.POSITIVE), "Largest magnitude.")
                .shorthand("value")
                .build())
        .word(
            "norm",
            Section.of(ClipNorm.class, "Gradients are scaled down to a largest L2 norm.")
                .required("norm", number(Range.POSITIVE), "Largest norm.")
                .key(
                    "of",
                    choice(ClipNorm.Scope.class),
                    "parameter",
                    "`parameter`: each weight array on its own, Keras' clipnorm; `layer`: a layer's"
                        + " arrays together.")
                .shorthand("norm")
                .build())
        .build();
  }

  private static Section<Regularization> regularization() {
    Type<Double> factor = number(Range.NOT_NEGATIVE);
    return Section.of(Regularization.class, "Penalties on weights, never on biases.")
        .key("l1", factor, "0", "Times the sum of absolute weights, added to the loss.")
        .key("l2", factor, "0", "Times the sum of squared weights, added to the loss, as in Keras.")
        .key(
            "weightDecay",
            factor,
            "0",
            "Times the learning rate, the fraction of each weight taken off at each step.")
        .build();
  }

  private static Type<ModelPlan> model() {
    Section<ModelPlan.Layered> layered =
        Section.of(ModelPlan.Layered.class, "A network given layer by layer.")
            .required("layers", listOf(LAYER, "layers"), "The layers, from input to output.")
            .optional(
                "task",
                TASK,
                "What the network is for ([Tasks](#tasks)); refused if the data has something else."
                    + " Without it the data says it.")
            .optional(
                "loss",
                LOSS,
                "What training makes smaller; the mean over the examples. Without it that of the"
                    + " task.")
            .key("optimizer", OPTIMIZER, "adam", "The inner optimizer, in each replica.")
            .key("regularization", REGULARIZATION, "{}", "Penalties on weights.")
            .key("gradientClipping", CLIPPING, "none", "What is done to gradients first.")
            .build();
    Section<ModelPlan.Dl4j> file =
        Section.of(ModelPlan.Dl4j.class, "A network given as DL4J's JSON.")
            .required(
                "path",
                text(),
                "File with a MultiLayerConfiguration or ComputationGraphConfiguration.")
            .optional("json", text(), "Content of the file; filled in by Lockstep.")
            .shorthand("path")
            .build();
    return new ModelType(layered, file);
  }
}
