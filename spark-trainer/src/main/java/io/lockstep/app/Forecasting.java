package io.lockstep.app;

import io.lockstep.data.InputException;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.series.SeriesSource;
import io.lockstep.data.source.series.SeriesTail;
import io.lockstep.data.source.series.SeriesTails;
import io.lockstep.model.ForecastModel;
import io.lockstep.model.ModelFile;
import io.lockstep.plan.ComputePlan.Kernels;
import io.lockstep.plan.Plan;
import io.lockstep.plan.PlanFile;
import io.lockstep.plan.PlanParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * What a trained model foretells of the series in a table.
 *
 * <pre>{@code
 * List<Forecast> forecasts = Forecasting.of("runs/load").data("load.csv").run();
 * }</pre>
 *
 * <p>The model's file is all it needs beside the data. Not thread-safe.
 */
public final class Forecasting {
  private static final long SAMPLED_BYTES = 64L << 20;

  private final String model;
  private Optional<Configuration> hadoop = Optional.empty();
  private Optional<String> data = Optional.empty();
  private String from = "";
  private boolean held;

  private Forecasting(String model) {
    this.model = model;
  }

  /**
   * Forecasts of {@code model}.
   *
   * @param model a run directory, or the model file of one
   */
  public static Forecasting of(String model) {
    return new Forecasting(model);
  }

  /** Foretells the series at this path, tables like those of training; else those of the plan. */
  public Forecasting data(String path) {
    data = Optional.of(path);
    return this;
  }

  /**
   * Foretells from this time on, as if nothing after it were known; else from the end of the data.
   */
  public Forecasting from(String time) {
    from = time;
    held = false;
    return this;
  }

  /** Foretells the last steps that the data has, to compare with what really came. */
  public Forecasting held() {
    held = true;
    from = "";
    return this;
  }

  /** Reads files with these settings instead of Hadoop's own. */
  public Forecasting hadoop(Configuration settings) {
    hadoop = Optional.of(settings);
    return this;
  }

  /**
   * A forecast for each series that is long enough, in the order in which the data has them.
   *
   * @throws InputException if there is no such model, if it does not foretell series, or if the
   *     data must be mended
   * @throws IOException if a file system fails
   */
  public List<Forecast> run() throws IOException {
    Configuration settings = hadoop.orElseGet(Hadoop::settings);
    ModelFile file = ModelFile.read(ModelPath.file(model, settings), Kernels.AUTO, settings);
    try (var network = new ForecastModel(file)) {
      String path = data.isPresent() ? data.get() : planned(settings);
      List<Forecast> forecasts = new ArrayList<>();
      for (SeriesTail tail :
          SeriesTails.read(path, network.series(), new SeriesTails.Where(from, held), settings)) {
        forecasts.add(
            new Forecast(
                tail.series(),
                network.series().options().targets(),
                tail.past(),
                tail.pastTimes(),
                network.of(tail.inputs(), tail.past()),
                tail.times(),
                tail.truth()));
      }
      return forecasts;
    }
  }

  /**
   * The last steps of the first series of the plan beside the model, foretold from what came before
   * them; empty if there is nothing to show, or so much data that reading it again takes long.
   *
   * @throws IOException if a file system fails
   */
  public Optional<Forecast> sample() throws IOException {
    Configuration settings = hadoop.orElseGet(Hadoop::settings);
    try {
      long bytes =
          DataFiles.all(settings, planned(settings)).stream().mapToLong(DataFile::length).sum();
      return bytes > SAMPLED_BYTES ? Optional.empty() : held().run().stream().findFirst();
    } catch (InputException e) {
      return Optional.empty(); // such as a series that ends with missing values
    }
  }

  private String planned(Configuration settings) throws IOException {
    Optional<String> file = ModelPath.plan(model, settings);
    if (file.isPresent()) {
      Plan plan = PlanParser.parse(PlanFile.text(file.get(), settings), file.get(), List.of());
      ExampleSource source = plan.data().testSource().orElse(plan.data().train());
      if (source instanceof SeriesSource series) {
        return series.path();
      }
    }
    throw new InputException(
        "no plan with series lies beside this model: say with --data what to foretell");
  }
}
