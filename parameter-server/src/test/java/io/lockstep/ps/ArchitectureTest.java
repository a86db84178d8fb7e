package io.lockstep.ps;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void parametersAreFlatVectorsAndNothingElse() {
    JavaClasses classes = new ClassFileImporter().importPackages("io.lockstep.ps");
    assertThat(classes.size()).isGreaterThan(5);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark..", "org.deeplearning4j..", "org.nd4j..", "io.lockstep.data..")
        .check(classes);
  }
}
