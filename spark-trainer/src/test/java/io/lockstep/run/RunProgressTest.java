package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.run.RunProgress.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunProgressTest {
  private static final Instant BEGIN = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path folder;

  private Instant now = BEGIN;
  private RunDirectory run;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @BeforeEach
  void create() {
    run =
        RunDirectory.create(
            new Configuration(false),
            folder.resolve("run").toString(),
            Runs.RECORDED,
            RunDirectory.IfExists.REFUSE);
  }

  @Test
  void aRunIsFollowedWhileItIsUnderWay() throws IOException {
    try (RunSession session = run.begin(Runs.KEEP, clock)) {
      session.record(new RunEvent.Started("1", Runs.PLAN, "spark", 2, 9, 70));
      rounds(session, 0, 4);

      RunProgress progress = run.progress();

      assertThat(progress.state()).isEqualTo(State.RUNNING);
      assertThat(progress.owner().orElseThrow().who())
          .contains(Long.toString(ProcessHandle.current().pid()));
      assertThat(progress.rounds()).isEqualTo(4);
      assertThat(progress.epoch()).isEqualTo(1);
      assertThat(progress.examples()).isEqualTo(4 * 7);
      assertThat(progress.epochExamples()).isEqualTo(9);
      assertThat(progress.loss()).hasValue(1.0 / 4);
      assertThat(progress.seconds()).isEqualTo(4 * 30.0);
      assertThat(progress.last()).hasValue(BEGIN.plusSeconds(4 * 30));
    }
  }

  /** Each round takes 30 s and trains 7 examples, the last one five times as many. */
  @Test
  void theRateIsThatOfTheLastMinute() throws IOException {
    try (RunSession session = run.begin(Runs.KEEP, clock)) {
      rounds(session, 0, 4);
      now = now.plusSeconds(30);
      session.record(new RunEvent.Round(4, 1, 10, 35, 0.1, 30));

      assertThat(run.progress().rate()).hasValue((7 + 35) / 60.0);
    }
  }

  @Test
  void aRunThatNobodyEndedIsBrokenOffAndGoesOn() throws IOException {
    try (RunSession session = run.begin(Runs.KEEP, clock)) {
      rounds(session, 0, 1);
      session.save(Runs.checkpoint(1));
      rounds(session, 1, 3);
    }
    assertThat(run.progress().state()).isEqualTo(State.BROKEN_OFF);
    assertThat(run.progress().rounds()).isEqualTo(3);

    try (RunSession session = run.begin(Runs.KEEP, clock)) {
      rounds(session, 1, 5);
      assertThat(run.progress().state()).isEqualTo(State.RUNNING);
      assertThat(run.progress().examples()).isEqualTo(5 * 7);
    }
  }

  @Test
  void anEndSaysHowAndWhy() throws IOException {
    try (RunSession session = run.begin(Runs.KEEP, clock)) {
      rounds(session, 0, 2);
      session.fail("the loss became NaN");
    }

    assertThat(run.progress().state()).isEqualTo(State.FAILED);
    assertThat(run.progress().message()).isEqualTo("the loss became NaN");

    Runs.work(run, 6, new ArrayList<>());
    assertThat(run.progress().state()).isEqualTo(State.FINISHED);
  }

  private void rounds(RunSession session, int from, int to) throws IOException {
    for (int round = from; round < to; round++) {
      now = now.plus(Duration.ofSeconds(30));
      int epoch = round / Runs.ROUNDS_PER_EPOCH;
      session.record(new RunEvent.Round(round, epoch, 2L * round, 7, 1.0 / (1 + round), 30));
    }
  }
}
