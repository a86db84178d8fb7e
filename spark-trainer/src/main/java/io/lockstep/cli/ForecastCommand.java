package io.lockstep.cli;

import io.lockstep.app.Forecast;
import io.lockstep.app.Forecasting;
import io.lockstep.app.Hadoop;
import io.lockstep.data.InputException;
import io.lockstep.run.OutputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lockstep forecast}: what comes after the end of series. */
@Command(
    name = "forecast",
    description = "Foretells the next steps of series.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  lockstep forecast --model runs/forecast-lstm",
      "  lockstep forecast --model model.zip --data later.csv --csv forecast.csv",
      "  lockstep forecast --model runs/forecast-lstm --from 2015-07-01"
    })
final class ForecastCommand implements Callable<Integer> {
  private static final int DRAWN = 3;

  @Mixin private ModelOption model;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Tables of series like those of training: a file, a folder or a glob. Default: those of"
              + " the run's plan.")
  private String data;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Foretells from this time on, and compares with what the data has. Default: from the end"
              + " of the data on.")
  private String from;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Only this series. Default: all; the first " + DRAWN + " are drawn.")
  private String series;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes all forecasts to this file; '-' prints them instead of pictures.")
  private String csv;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Optional<OutputFile> file =
        Optional.ofNullable(csv)
            .filter(it -> !it.equals("-"))
            .map(it -> OutputFile.of("--csv", it, Hadoop.settings()));
    Forecasting forecasting = Forecasting.of(model.path());
    if (data != null) {
      forecasting.data(data);
    }
    if (from != null) {
      forecasting.from(from);
    }
    List<Forecast> all = forecasting.run();
    List<Forecast> forecasts =
        series == null ? all : all.stream().filter(it -> it.series().equals(series)).toList();
    if (forecasts.isEmpty()) {
      throw new InputException(
          "--series %s: the data has no such series that is long enough; it has %s"
              .formatted(
                  series,
                  io.lockstep.data.Labels.abbreviate(all.stream().map(Forecast::series).toList())));
    }
    PrintWriter out = spec.commandLine().getOut();
    if ("-".equals(csv)) {
      out.print(ForecastTable.csv(forecasts));
    } else {
      Terminal terminal = Terminal.detect();
      for (Forecast forecast : forecasts.subList(0, Math.min(DRAWN, forecasts.size()))) {
        ForecastPlot.render(forecast, terminal).forEach(out::println);
        ForecastTable.lines(forecast).forEach(out::println);
      }
      if (forecasts.size() > DRAWN) {
        out.println(
            "and %,d more series; --csv FILE writes all".formatted(forecasts.size() - DRAWN));
      }
      if (file.isPresent()) {
        file.get().write(ForecastTable.csv(forecasts));
        out.println("written to " + csv);
      }
    }
    out.flush();
    return Main.DONE;
  }
}
