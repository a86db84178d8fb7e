package io.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.fetch.Catalogue;
import io.lockstep.data.fetch.DataSet;
import io.lockstep.data.inspect.Inspection;
import io.lockstep.data.inspect.Inspector;
import io.lockstep.data.source.BadRecords;
import io.lockstep.plan.PlanParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DatasetsCommandTest {
  private static final Terminal UNICODE = new Terminal(false, 80, true, false);

  @TempDir Path folder;

  @Test
  void listNamesWhatShipsAndWhatCanBeFetched() {
    assertThat(run("list"))
        .contains("mnist-10k")
        .contains("{embedded: mnist-10k}")
        .contains("60,000 training and 10,000 test images of handwritten digits, 28x28, 11.6 MB")
        .contains("CC BY-SA 3.0");
  }

  @Test
  void whatIsFetchedComesWithADataSectionThatCanBeParsed() {
    String model = "model: {layers: [{dense: {units: 10}}], loss: mse}\n";
    for (DataSet set : Catalogue.all()) {
      assertThat(PlanParser.parse(set.plan("data/it") + model, "plan.yaml", List.of())).isNotNull();
    }
  }

  @Test
  void inspectDrawsDigits() throws IOException {
    String text = DatasetsCommand.describe(inspect("mnist-10k"), UNICODE, -1);
    assertThat(text)
        .contains("  each      28 x 28\n")
        .contains("  values    0 to 255, mean ")
        .contains("  classes   10\n")
        .contains("#0: 5")
        .contains("█▀");
    assertThat(text.lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void plainTerminalsGetAscii() throws IOException {
    String text = DatasetsCommand.describe(inspect("mnist-10k"), Terminal.PLAIN, 3);
    assertThat(text).matches("\\p{ASCII}+").contains("#0: 5").contains("#2: ").contains("@@");
  }

  @Test
  void colourTerminalsGetShades() throws IOException {
    var terminal = new Terminal(true, 80, true, true);
    assertThat(DatasetsCommand.describe(inspect("mnist-10k"), terminal, 1))
        .contains("\033[38;2;0;0;0m\033[48;2;0;0;0m▀");
  }

  @Test
  void inspectSaysHowTextIsUsedInAPlan() {
    String text = run("inspect", "embedded:shakespeare-test.txt");
    assertThat(text)
        .contains("format    text, UTF-8: running text")
        .contains("50,000 characters")
        .contains("{textWindows: {path: embedded:shakespeare-test.txt}}");
    assertThat(run("inspect", "embedded:sentences-train.tsv"))
        .contains("text, at most 57 words")
        .contains("Danish: 121");
  }

  @Test
  void inspectSumsUpColumns() throws IOException {
    Path csv = folder.resolve("houses.csv");
    Files.writeString(csv, "rooms,price,kind\n3,100.5,flat\n5,,house\n4,90,flat\n");
    assertThat(run("inspect", csv.toString()))
        .isEqualTo(
            csv
                + """

                  format    CSV, delimiter ,, with header
                  examples  3
                  columns   3

                    column   smallest       mean    largest
                    rooms           3          4          5
                    price          90      95.25      100.5  1 empty
                    kind                                     flat: 2, house: 1
                """);
  }

  @Test
  void fetchFromAFolderThatLacksTheFilesIsWrongInput() {
    var errors = new StringWriter();
    CommandLine command = command(new StringWriter(), errors);
    int code = command.execute("fetch", "mnist", "--from", folder + "/x", "--to", folder + "/y");
    assertThat(code).isNotZero();
    assertThat(errors.toString()).contains("train-images-idx3-ubyte.gz: no such file");
  }

  private static List<Inspection> inspect(String path) throws IOException {
    var hints =
        new Inspector.Hints(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            BadRecords.FAIL,
            10);
    return new Inspector(new Configuration(), hints).inspect(path);
  }

  private static String run(String... arguments) {
    var out = new StringWriter();
    var errors = new StringWriter();
    int code = command(out, errors).execute(arguments);
    assertThat(code).as(errors.toString()).isZero();
    return out.toString();
  }

  private static CommandLine command(StringWriter out, StringWriter errors) {
    return new CommandLine(new DatasetsCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(errors));
  }
}
