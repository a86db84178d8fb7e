package io.lockstep;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The walls between packages; docs/architecture.md says why they stand. */
class ArchitectureTest {
  private static final String SPARK = "org.apache.spark..";
  private static final String DL4J = "org.deeplearning4j..";
  private static final String ND4J = "org.nd4j..";

  /** All of Lockstep, from the folders and jars of every module, without tests. */
  private static final JavaClasses LOCKSTEP =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.lockstep");

  @Test
  void everyPackageWasScanned() {
    assertThat(LOCKSTEP.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .contains(
            "io.lockstep.data",
            "io.lockstep.ps",
            "io.lockstep.layers",
            "io.lockstep.config",
            "io.lockstep.plan",
            "io.lockstep.model",
            "io.lockstep.compute",
            "io.lockstep.train",
            "io.lockstep.spark",
            "io.lockstep.evaluate",
            "io.lockstep.score",
            "io.lockstep.run",
            "io.lockstep.app",
            "io.lockstep.ml",
            "io.lockstep.cli");
    assertThat(LOCKSTEP.size()).isGreaterThan(150);
  }

  @Test
  void dataAndParametersKnowNeitherSparkNorNetworksNorEachOther() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.lockstep.data..", "io.lockstep.ps..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SPARK, DL4J, ND4J));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lockstep.data..")
            .should()
            .dependOnClassesThat(outsideOf("io.lockstep.data..")));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lockstep.ps..")
            .should()
            .dependOnClassesThat(outsideOf("io.lockstep.ps..")));
  }

  /** The source is compiled against Scala 2.12 too: what both have is in ScalaCollections. */
  @Test
  void nothingNeedsWhatOnlyOneScalaHas() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("scala.jdk..", "scala.collection.convert..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("scala.collection.JavaConverters"));
  }

  @Test
  void networksStayInTheirAdapterPackages() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "io.lockstep.layers..", "io.lockstep.model..", "io.lockstep.compute..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(DL4J));
  }

  /** A model with one of these layers needs their jar and DL4J, nothing else. */
  @Test
  void layersKnowNothingButDl4j() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lockstep.layers..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.lockstep.layers..", DL4J, ND4J, "java.."));
  }

  @Test
  void sparkStaysInTheEnginesAndTheUseCases() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.lockstep.spark..", "io.lockstep.app..", "io.lockstep.ml..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SPARK));
  }

  @Test
  void plansAndRunDirectoriesKnowNeitherSparkNorArrays() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.lockstep.config..", "io.lockstep.plan..", "io.lockstep.run..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SPARK, DL4J, ND4J));
  }

  @Test
  void nothingKnowsTheCommandLine() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.lockstep.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lockstep.cli..", "picocli.."));
  }

  @Test
  void theCommandLineHoldsNoUseCase() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.lockstep.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.lockstep.spark..", "io.lockstep.model..", "io.lockstep.compute.."));
  }

  @Test
  void nothingBelowKnowsTheUseCases() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.lockstep.app..", "io.lockstep.cli..", "io.lockstep.ml..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lockstep.app.."));
  }

  /** Spark ML is a skin, as the command line is: nothing is built on it. */
  @Test
  void nothingKnowsTheEstimators() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.lockstep.ml..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lockstep.ml.."));
  }

  @Test
  void packagesFormNoCycles() {
    check(slices().matching("io.lockstep.(**)").should().beFreeOfCycles());
  }

  @Test
  void randomnessIsAParameter() {
    List<String> offenders =
        LOCKSTEP.stream()
            .flatMap(c -> c.getConstructorCallsFromSelf().stream())
            .filter(call -> call.getTargetOwner().isEquivalentTo(java.util.Random.class))
            .filter(call -> call.getTarget().getRawParameterTypes().isEmpty())
            .map(call -> call.getDescription())
            .toList();
    assertThat(offenders).isEmpty();
  }

  private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> outsideOf(String own) {
    return resideInAPackage("io.lockstep..").and(not(resideInAPackage(own)));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(false).check(LOCKSTEP);
  }
}
