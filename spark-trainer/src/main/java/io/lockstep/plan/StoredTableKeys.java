package io.lockstep.plan;

import static io.lockstep.config.Types.anyText;
import static io.lockstep.config.Types.bool;
import static io.lockstep.config.Types.byName;
import static io.lockstep.config.Types.integer;
import static io.lockstep.config.Types.listOf;
import static io.lockstep.config.Types.oneOrMore;
import static io.lockstep.config.Types.text;

import io.lockstep.config.Section;
import io.lockstep.config.Union;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.ToScore;
import io.lockstep.data.source.csv.CsvOptions;
import io.lockstep.data.source.csv.CsvSource;
import io.lockstep.data.source.table.StoredTable;
import io.lockstep.data.source.table.StoredTable.Kind;
import io.lockstep.data.source.table.StoredTable.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tables that Spark reads, as users see them. */
final class StoredTableKeys {
  private StoredTableKeys() {}

  /** The words that all of them have. */
  static void declare(Union.Builder<ExampleSource> sources) {
    files(sources, Kind.PARQUET, "Apache Parquet files.");
    files(sources, Kind.ORC, "Apache ORC files.");
    files(sources, Kind.JSON, "Files with a JSON object on each line.");
    files(
        sources,
        Kind.AVRO,
        "Apache Avro files; `spark-submit` needs `--packages org.apache.spark:spark-avro_...`.");
    files(
        sources,
        Kind.LIBSVM,
        "Files in LIBSVM's format. The columns are `label` and `features`; with `options:"
            + " {numFeatures: 780}` all files have as many features.");
    sources
        .word(
            Kind.TABLE.word(),
            StoredTable.class,
            it -> it.place().kind() == Kind.TABLE,
            Columns.declare(
                    Section.of(
                            NamedKeys.class, "A table or view of Spark's catalogue, also Hive's.")
                        .required("name", text(), "Such as `sales.churn`."))
                .build(),
            NamedKeys::source,
            NamedKeys::of)
        .word(
            Kind.QUERY.word(),
            StoredTable.class,
            it -> it.place().kind() == Kind.QUERY,
            Columns.declare(
                    Section.of(QueryKeys.class, "The rows of a query.")
                        .required(
                            "sql",
                            text(),
                            "In Spark's SQL: `SELECT * FROM sales.churn WHERE year = 2026`. One"
                                + " that joins, groups or sorts needs an `id`."))
                .build(),
            QueryKeys::source,
            QueryKeys::of);
  }

  private static void files(Union.Builder<ExampleSource> sources, Kind kind, String doc) {
    Section.Builder<FileKeys> section =
        Section.of(FileKeys.class, doc)
            .required(
                "path",
                text(),
                "A file, a folder of part files (also one partitioned by columns), or a glob; any"
                    + " Hadoop path.");
    Columns.declare(section)
        .optional(
            "schema",
            text(),
            "Names and types of the columns in SQL, `age INT, town STRING`; without it they are"
                + " found out.")
        .optional(
            "options",
            byName(anyText(), "a text"),
            "Options of Spark's reader, `{mergeSchema: true}`.");
    sources.word(
        kind.word(),
        StoredTable.class,
        it -> it.place().kind() == kind,
        section.build(),
        keys -> keys.source(kind),
        FileKeys::of);
  }

  /** The keys that say what the columns are, the same for all. */
  private record Columns(
      Optional<String> label,
      Optional<List<String>> targets,
      List<String> features,
      Optional<List<String>> exclude,
      List<String> classes,
      Optional<List<String>> missing,
      List<Integer> shape,
      boolean reconstruct,
      Optional<String> weight,
      Optional<Map<String, PortKeys.InputKeys>> inputs,
      Optional<Map<String, PortKeys.OutputKeys>> outputs,
      Optional<String> id) {
    static <R extends Record> Section.Builder<R> declare(Section.Builder<R> section) {
      return section
          .optional("label", text(), "Column with each example's class. Either this or `targets`.")
          .optional("targets", listOf(text(), "columns"), "Columns with numbers to be predicted.")
          .key(
              "features",
              listOf(text(), "columns"),
              "[]",
              "Feature columns in the order in which the network sees them; `[]` for all others. A"
                  + " value in a structure by its path, `customer.age`; arrays and ML vectors of"
                  + " one length are as many features.")
          .optional(
              "exclude",
              oneOrMore(text(), "columns"),
              "Columns that are no features, of all others.")
          .key(
              "classes",
              listOf(text(), "names"),
              "[]",
              "Names of the classes in label order; `[]` collects and sorts them.")
          .optional(
              "missing",
              oneOrMore(anyText(), "texts"),
              "How missing values are written, beside null and NaN: `['?', NA, -999]`.")
          .key("shape", listOf(integer(1), "sizes"), "[]", "Shape of an example, as of a `csv`.")
          .key("reconstruct", bool(), "false", "For an autoencoder, as of a `csv`.")
          .optional("weight", text(), "Column with each example's weight, as of a `csv`.")
          .optional("inputs", PortKeys.inputs(), "Of a graph with several inputs, by their names.")
          .optional(
              "outputs", PortKeys.outputs(), "Of a graph with several outputs, by their names.")
          .optional(
              "id",
              text(),
              "Column whose values, different in all rows, give the examples their order; it is no"
                  + " feature. Without it they have the order of the files, by their paths, and of"
                  + " the rows in them.");
    }

    /** All that a CSV file has too is checked and understood as there. */
    private CsvKeys asCsv() {
      return new CsvKeys(
          "table",
          label,
          targets,
          features,
          exclude,
          classes,
          ",",
          true,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          missing,
          Optional.empty(),
          Optional.empty(),
          shape,
          reconstruct,
          weight,
          inputs,
          outputs);
    }

    StoredTable at(Place place) {
      CsvOptions options = asCsv().source().options();
      return new StoredTable(place, options, id.orElse(""), BadRecords.FAIL, ToScore.NOT);
    }

    static Columns of(StoredTable table) {
      CsvKeys csv = CsvKeys.of(new CsvSource("table", table.options()));
      return new Columns(
          csv.label(),
          csv.targets(),
          csv.features(),
          csv.exclude(),
          csv.classes(),
          csv.missing(),
          csv.shape(),
          csv.reconstruct(),
          csv.weight(),
          csv.inputs(),
          csv.outputs(),
          SourceKeys.given(table.id()));
    }
  }

  /** Files. */
  record FileKeys(
      String path,
      Optional<String> label,
      Optional<List<String>> targets,
      List<String> features,
      Optional<List<String>> exclude,
      List<String> classes,
      Optional<List<String>> missing,
      List<Integer> shape,
      boolean reconstruct,
      Optional<String> weight,
      Optional<Map<String, PortKeys.InputKeys>> inputs,
      Optional<Map<String, PortKeys.OutputKeys>> outputs,
      Optional<String> id,
      Optional<String> schema,
      Optional<Map<String, String>> options) {
    FileKeys {
      new Columns(
              label,
              targets,
              features,
              exclude,
              classes,
              missing,
              shape,
              reconstruct,
              weight,
              inputs,
              outputs,
              id)
          .asCsv(); // checks them
    }

    StoredTable source(Kind kind) {
      var place =
          new Place(kind, path, schema.orElse(""), new TreeMap<>(options.orElse(new TreeMap<>())));
      return new Columns(
              label,
              targets,
              features,
              exclude,
              classes,
              missing,
              shape,
              reconstruct,
              weight,
              inputs,
              outputs,
              id)
          .at(place);
    }

    static FileKeys of(StoredTable table) {
      Columns columns = Columns.of(table);
      Place place = table.place();
      return new FileKeys(
          place.location(),
          columns.label(),
          columns.targets(),
          columns.features(),
          columns.exclude(),
          columns.classes(),
          columns.missing(),
          columns.shape(),
          columns.reconstruct(),
          columns.weight(),
          columns.inputs(),
          columns.outputs(),
          columns.id(),
          SourceKeys.given(place.schema()),
          place.settings().isEmpty() ? Optional.empty() : Optional.of(place.settings()));
    }
  }

  /** A table by its name. */
  record NamedKeys(
      String name,
      Optional<String> label,
      Optional<List<String>> targets,
      List<String> features,
      Optional<List<String>> exclude,
      List<String> classes,
      Optional<List<String>> missing,
      List<Integer> shape,
      boolean reconstruct,
      Optional<String> weight,
      Optional<Map<String, PortKeys.InputKeys>> inputs,
      Optional<Map<String, PortKeys.OutputKeys>> outputs,
      Optional<String> id) {
    NamedKeys {
      new Columns(
              label,
              targets,
              features,
              exclude,
              classes,
              missing,
              shape,
              reconstruct,
              weight,
              inputs,
              outputs,
              id)
          .asCsv(); // checks them
    }

    StoredTable source() {
      return new Columns(
              label,
              targets,
              features,
              exclude,
              classes,
              missing,
              shape,
              reconstruct,
              weight,
              inputs,
              outputs,
              id)
          .at(Place.of(Kind.TABLE, name));
    }

    static NamedKeys of(StoredTable table) {
      Columns columns = Columns.of(table);
      return new NamedKeys(
          table.place().location(),
          columns.label(),
          columns.targets(),
          columns.features(),
          columns.exclude(),
          columns.classes(),
          columns.missing(),
          columns.shape(),
          columns.reconstruct(),
          columns.weight(),
          columns.inputs(),
          columns.outputs(),
          columns.id());
    }
  }

  /** A query. */
  record QueryKeys(
      String sql,
      Optional<String> label,
      Optional<List<String>> targets,
      List<String> features,
      Optional<List<String>> exclude,
      List<String> classes,
      Optional<List<String>> missing,
      List<Integer> shape,
      boolean reconstruct,
      Optional<String> weight,
      Optional<Map<String, PortKeys.InputKeys>> inputs,
      Optional<Map<String, PortKeys.OutputKeys>> outputs,
      Optional<String> id) {
    QueryKeys {
      new Columns(
              label,
              targets,
              features,
              exclude,
              classes,
              missing,
              shape,
              reconstruct,
              weight,
              inputs,
              outputs,
              id)
          .asCsv(); // checks them
    }

    StoredTable source() {
      return new Columns(
              label,
              targets,
              features,
              exclude,
              classes,
              missing,
              shape,
              reconstruct,
              weight,
              inputs,
              outputs,
              id)
          .at(Place.of(Kind.QUERY, sql));
    }

    static QueryKeys of(StoredTable table) {
      Columns columns = Columns.of(table);
      return new QueryKeys(
          table.place().location(),
          columns.label(),
          columns.targets(),
          columns.features(),
          columns.exclude(),
          columns.classes(),
          columns.missing(),
          columns.shape(),
          columns.reconstruct(),
          columns.weight(),
          columns.inputs(),
          columns.outputs(),
          columns.id());
    }
  }
}
