package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract where a file is seen only when it is closed, and a rename is all there is. */
class ObjectStoreRunDirectoryTest extends RunDirectoryContract {
  @TempDir private java.nio.file.Path folder;

  @Override
  protected FileSystem system() throws IOException {
    return new VisibleOnCloseFileSystem(new QuickLocalFileSystem());
  }

  @Override
  protected Path directory() {
    return new Path(folder.resolve("run").toUri());
  }

  /** Two that make the same object at the same moment may both believe to have made it. */
  @Override
  protected boolean makesNewFilesExclusively() {
    return false;
  }

  @Test
  @SuppressWarnings({"MustBeClosedChecker", "resource"}) // a killed process closes nothing
  void aKilledRunLosesOnlyWhatCameAfterItsLastCheckpoint() throws IOException {
    RunDirectory directory =
        RunDirectory.create(
            Files.on(system()), directory(), Runs.RECORDED, RunDirectory.IfExists.REFUSE);
    RunSession killed = directory.begin(Runs.KEEP, Runs.CLOCK);
    for (int round = 0; round < 5; round++) {
      killed.record(new RunEvent.Round(round, 0, round, 7, 0.5, 0.5));
      killed.record(Runs.ledger(round));
      if (round == 2) {
        killed.saveBest(Runs.model(2));
        killed.save(Runs.checkpoint(3));
      }
    }

    RunDirectory opened = RunDirectory.open(Files.on(system()), directory());
    assertThat(opened.ledger()).extracting(LedgerRound::round).containsExactly(0L, 1L, 2L);
    try (RunSession session = opened.begin(Runs.KEEP, Runs.CLOCK, RunDirectory.IfOwned.TAKE_OVER)) {
      assertThat(session.checkpoint().orElseThrow().position().round()).isEqualTo(3);
    }
    List<Long> saved = new ArrayList<>();
    Runs.work(opened, 6, saved);
    assertThat(saved).containsExactly(4L, 5L, 6L);
    assertThat(opened.ledger())
        .extracting(LedgerRound::round)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(opened.finished()).isTrue();
  }
}
