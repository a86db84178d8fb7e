package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.inspect.TableGuess;
import io.lockstep.ingest.InMemory;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.plan.PlanParser;
import io.lockstep.plan.ResolvedPlan;
import io.lockstep.train.PreparedRun;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is proposed for a table nobody has said anything of runs as it is. */
class PlanProposalTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  private String proposed(String name, Charset charset, String header, String... rows)
      throws IOException {
    var text = new StringBuilder(header);
    for (int i = 0; i < 24; i++) {
      text.append(rows[i % rows.length].replace("#", String.valueOf(i))).append('\n');
    }
    Path file = folder.resolve(name);
    Files.write(file, text.toString().getBytes(charset));
    String yaml = PlanProposal.of(TableGuess.of(HADOOP, file.toString()), Optional.empty()).yaml();
    assertThat(yaml.lines().count()).isLessThanOrEqualTo(25);
    ResolvedPlan plan = PlanParser.resolve(yaml, name, List.of());
    try (var kept =
        new Ingestion<>(new InMemory(HADOOP, IngestionWatch.NONE))
            .run(PreparedRun.request(plan.plan()))) {
      assertThat(PreparedRun.of(plan, kept.dealt(), HADOOP).objectives()).hasSize(1);
    }
    return yaml;
  }

  @Test
  void wordsAndGapsWithoutAHeader() throws IOException {
    assertThat(
            proposed(
                "a.csv", StandardCharsets.UTF_8, "", "#, Private, 7#, <=50K", "#, ?, 1.5, >50K"))
        .contains("header: false", "label: '3'", "missing: ['?']")
        .contains("{category: ['1'], minCount: 5, missing: category}");
  }

  @Test
  void decimalCommasAndAByteOrderMark() throws IOException {
    assertThat(
            proposed(
                "b.csv",
                StandardCharsets.UTF_8,
                "\uFEFFlength;species;width\n",
                "5,#;setosa;1,4",
                "4,#;virginica;2,5"))
        .contains("delimiter: ';'", "decimal: ','", "label: species");
  }

  @Test
  void blanksAndNumbersToBePredicted() throws IOException {
    assertThat(proposed("c.data", StandardCharsets.UTF_8, "", "  0.1#  #  24.0#", " 1.7 3  9.#5"))
        .contains("delimiter: blanks", "targets: ['2']", "standardizeTargets: true");
  }

  @Test
  void otherEncodingsAndQuotesAndColumnsOfNothing() throws IOException {
    assertThat(proposed("d.txt", StandardCharsets.UTF_16, "a\tclass\n", "0.#\tx", "1.#\ty"))
        .contains("delimiter: tab", "label: class");
    assertThat(
            proposed(
                "e.csv",
                StandardCharsets.ISO_8859_1,
                "id,größe,ort,,\n",
                "#,'ja','Köln',,",
                "#,'nein','Bonn',,"))
        .contains("quote: ''''", "encoding: windows-1252", "exclude: [id, '3', '4']");
  }

  @Test
  void delimitersOfSeveralCharacters() throws IOException {
    assertThat(
            proposed(
                "g.csv",
                StandardCharsets.UTF_8,
                "year_/-\\_make_/-\\_class\n",
                "'201#'_/-\\_'a.b-c'_/-\\_x",
                "199#_/-\\_Ford_/-\\_y"))
        .contains("delimiter: '_/-\\_'", "quote: ''''", "label: class");
  }

  @Test
  void numbersThatStandForWhatIsMissing() throws IOException {
    assertThat(
            proposed(
                "f.csv",
                StandardCharsets.UTF_8,
                "co,t,target\n",
                "1.#,#,7.#",
                "-200,1#,8.#",
                "2.#,-200,9.#"))
        .contains("missing: ['-200']", "{number: [co, t], missing: median, indicator: true}");
  }
}
