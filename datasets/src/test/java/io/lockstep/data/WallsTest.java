package io.lockstep.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class WallsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.lockstep.data");

  @Test
  void classesWereScanned() {
    assertThat(CLASSES.size()).isGreaterThan(20);
    assertThat(CLASSES.contain(io.lockstep.data.block.Block.class)).isTrue();
  }

  @Test
  void neitherSparkNorNetworksNorParametersComeIn() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark..",
            "scala..",
            "org.deeplearning4j..",
            "org.nd4j..",
            "io.lockstep.ps..")
        .check(CLASSES);
  }

  @Test
  void nothingOfTheTrainerComesIn() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "belong to Lockstep outside io.lockstep.data",
                type ->
                    type.getPackageName().startsWith("io.lockstep.")
                        && !type.getPackageName().startsWith("io.lockstep.data")))
        .check(CLASSES);
  }

  @Test
  void randomnessAndTimeAreParameters() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.lockstep.(**)").should().beFreeOfCycles().check(CLASSES);
  }
}
