package io.lockstep.spark;

import static io.lockstep.data.source.BadRecords.SKIP;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.block.Block;
import io.lockstep.data.block.Values;
import io.lockstep.data.file.TextEncoding;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.text.TextCsvSource;
import io.lockstep.data.source.text.TextWindowsSource;
import io.lockstep.data.text.TextOptions;
import io.lockstep.data.text.TextVectorization;
import io.lockstep.data.text.Tokenizer;
import io.lockstep.data.text.Tokenizer.Standardize;
import io.lockstep.data.text.Tokenizer.Unicode;
import io.lockstep.data.text.Tokenizer.Unit;
import io.lockstep.ingest.DataRequest;
import io.lockstep.ingest.InMemory;
import io.lockstep.ingest.Ingestion;
import io.lockstep.ingest.IngestionWatch;
import io.lockstep.ingest.Shard;
import io.lockstep.plan.DataPlan.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text is learned from and dealt the same wherever that is done, whatever Spark's serializer. */
class TextIngestionTest {
  private static final Configuration HADOOP = new Configuration();
  private static final int REPLICAS = 3;

  @TempDir Path folder;

  private static DataRequest request(ExampleSource train, Optional<ExampleSource> test) {
    return new DataRequest(train, test, 0.2, REPLICAS, 9, Normalization.NONE, 1 << 20);
  }

  /** Four part files, so four splits; the words of the third hardly come in the others. */
  private List<String> table() throws IOException {
    var random = new SplittableRandom(1);
    List<String> texts = new ArrayList<>();
    for (int file = 0; file < 4; file++) {
      var table = new StringBuilder("kind,text\n");
      for (int row = 0; row < 25; row++) {
        var text = new StringBuilder();
        for (int word = 0; word < 1 + random.nextInt(9); word++) {
          int which = (file == 2 ? 50 : 0) + (int) Math.pow(random.nextDouble() * 4, 2);
          text.append(word == 0 ? "" : " ").append("w").append(which);
        }
        texts.add(text.toString());
        table.append(row % 3 == 0 ? "a," : "b,").append(text).append('\n');
      }
      Files.writeString(folder.resolve("part-" + file + ".csv"), table);
    }
    return texts;
  }

  private TextCsvSource source(int maxTokens) {
    var options =
        new TextOptions(
            new Tokenizer(Unit.WORD, Standardize.NONE, Unicode.NFC), maxTokens, 2, 7, false);
    return new TextCsvSource(
        folder.toString(),
        CsvOptions.classes("kind").withFeatures("text"),
        TextEncoding.UTF_8,
        options);
  }

  private static String bytes(Block block) {
    var text = new StringBuilder();
    for (int row = 0; row < block.size(); row++) {
      text.append(block.id(row)).append(':');
      for (int column = 0; column < block.schema().fields().size(); column++) {
        int[] values = ((Values.Ints) block.values(column)).array();
        int from = block.from(column, row);
        text.append(
            Arrays.toString(Arrays.copyOfRange(values, from, from + block.steps(column, row))));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String bytes(Shard shard) {
    var text = new StringBuilder();
    for (int i = 0; i < shard.blocks(); i++) {
      text.append(bytes(shard.block(i)));
    }
    return text.toString();
  }

  private static List<String> inMemory(Ingestion.Kept<InMemory.Pieces> kept, Part part) {
    List<String> shards = new ArrayList<>();
    for (int piece = 0; piece < REPLICAS; piece++) {
      shards.add(bytes(kept.pieces(part).shard(part, piece)));
    }
    return shards;
  }

  @Test
  void theVocabularyIsThatOfTheTrainingPartAlone() throws IOException {
    List<String> texts = table();
    var kept = new Ingestion<>(new InMemory(HADOOP, IngestionWatch.NONE));
    try (var data = kept.run(request(source(20), Optional.empty()))) {
      var places = data.dealt().train().deal().places();
      Map<String, Integer> counts = new HashMap<>();
      for (int id = 0; id < texts.size(); id++) {
        if (places.of(id).part() == Part.TRAINING) {
          Arrays.stream(texts.get(id).split(" ", -1))
              .limit(7)
              .forEach(word -> counts.merge(word, 1, Integer::sum));
        }
      }
      List<String> wanted =
          new TreeMap<>(counts)
              .entrySet().stream()
                  .filter(each -> each.getValue() >= 2)
                  .sorted(Map.Entry.comparingByValue(java.util.Comparator.reverseOrder()))
                  .map(Map.Entry::getKey)
                  .limit(18)
                  .toList();
      TextVectorization text = data.dealt().preparation().text().orElseThrow();
      assertThat(text.vocabulary().tokens()).isEqualTo(wanted).hasSize(18);
      assertThat(data.dealt().vocabulary()).hasValue(20);
      // And what is trained is what the text says.
      Block block = data.pieces(Part.TRAINING).shard(Part.TRAINING, 0).block(0);
      int[] ids = ((Values.Ints) block.values(0)).array();
      for (int row = 0; row < block.size(); row++) {
        int from = block.from(0, row);
        assertThat(Arrays.copyOfRange(ids, from, from + block.steps(0, row)))
            .isEqualTo(text.ids(texts.get((int) block.id(row))));
      }
    }
  }

  @Test
  void inProcessAndOnSparkAreTheSame() throws IOException {
    table();
    Path book = Files.writeString(folder.resolve("_book.txt"), "Ein Büchlein.\n".repeat(40));
    var windows =
        new TextWindowsSource(
            book.toString(),
            9,
            4,
            TextEncoding.UTF_8,
            TextOptions.of(new Tokenizer(Unit.CHARACTER, Standardize.NONE, Unicode.NFC)));
    var conf =
        SparkSettings.local("local[2]", "text")
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .set("spark.kryo.registrationRequired", "true");
    try (var spark = new JavaSparkContext(conf)) {
      Path broken = folder.resolve("_broken.csv"); // as no folder's content
      Files.writeString(
          broken, "kind,text\na,w1\nb\nb,w2 w3\n\"a\"x,w1\n" + "a,w1 w2\nb,\n".repeat(30));
      ExampleSource skipping =
          new TextCsvSource(
              broken.toString(), source(12).table(), TextEncoding.UTF_8, source(12).text(), SKIP);
      for (ExampleSource source : List.of(source(12), windows, skipping)) {
        DataRequest request = request(source, Optional.of(source));
        var site = new SparkSite(spark, HADOOP, IngestionWatch.NONE);
        try (var here = new Ingestion<>(new InMemory(HADOOP, IngestionWatch.NONE)).run(request);
            var there = new Ingestion<>(site).run(request)) {
          assertThat(there.dealt().preparation()).isEqualTo(here.dealt().preparation());
          for (Part part : Part.values()) {
            List<String> shards =
                there.pieces(part).shards(part).toJavaRDD().map(TextIngestionTest::bytes).collect();
            assertThat(shards).as("%s of %s", part, source).isEqualTo(inMemory(here, part));
          }
          assertThat(there.dealt().notes()).isEqualTo(here.dealt().notes());
          assertThat(here.dealt().notes().toString().contains("32 of 64 texts skipped: 30 empty"))
              .isEqualTo(source == skipping);
          assertThat(here.dealt().labels().width())
              .isEqualTo(source == windows ? here.dealt().vocabulary().getAsInt() : 2);
        } finally {
          site.close();
        }
      }
    }
  }
}
