package io.lockstep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lockstep.data.InputException;
import io.lockstep.run.RunDirectory.IfExists;
import io.lockstep.run.RunDirectory.IfOwned;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What a run directory guarantees on every file system; one subclass per file system.
 *
 * <p>Each test gets a directory of its own that does not exist yet.
 */
public abstract class RunDirectoryContract {
  /** The file system under test, as {@code Path.getFileSystem} gives it. */
  protected abstract FileSystem system() throws IOException;

  /** A path on it that does not exist yet but can be made; the same throughout one test. */
  protected abstract Path directory();

  /** Whether of several processes that make the same file at the same moment only one does. */
  protected boolean makesNewFilesExclusively() {
    return true;
  }

  private Files files() throws IOException {
    return Files.on(system());
  }

  private RunDirectory create() throws IOException {
    return RunDirectory.create(files(), directory(), Runs.RECORDED, RunDirectory.IfExists.REFUSE);
  }

  private RunDirectory open() throws IOException {
    return RunDirectory.open(files(), directory());
  }

  private Path checkpointFile(long round, String suffix) throws IOException {
    Path folder = new Path(directory(), "checkpoints");
    String name =
        files().names(folder).stream()
            .filter(file -> file.startsWith("%012d-".formatted(round)) && file.endsWith(suffix))
            .findFirst()
            .orElseThrow();
    return new Path(folder, name);
  }

  private byte[] read(Path path) throws IOException {
    try (FSDataInputStream in = files().system().open(path)) {
      return in.readAllBytes();
    }
  }

  private void overwrite(Path path, byte[] bytes) throws IOException {
    try (OutputStream out = files().system().create(path, true)) {
      out.write(bytes);
    }
  }

  private void assertIsCheckpoint(RunSession session, long round) {
    Checkpoint found = session.checkpoint().orElseThrow();
    assertSame(found, Runs.checkpoint(round));
    Runs.checkpoint(round)
        .patience()
        .best()
        .ifPresentOrElse(
            best -> assertSame(session.best().orElseThrow(), Runs.model(best.round())),
            () -> assertThat(session.best()).isEmpty());
  }

  static void assertSame(Checkpoint found, Checkpoint expected) {
    assertThat(found.plan()).isEqualTo(expected.plan());
    assertThat(found.position()).isEqualTo(expected.position());
    assertThat(found.patience()).isEqualTo(expected.patience());
    assertThat(found.state().sameBits(expected.state())).isTrue();
    assertThat(found.velocity()).containsExactly(expected.velocity());
    assertThat(found.carries().toArray(float[][]::new))
        .isDeepEqualTo(expected.carries().toArray(float[][]::new));
    assertThat(found.toBeEvaluated()).isEqualTo(expected.toBeEvaluated());
  }

  /** Each of the first {@code rounds} rounds is in both logs exactly once. */
  private void assertEachRoundOnce(long rounds) throws IOException {
    List<Long> expected = LongStream.range(0, rounds).boxed().toList();
    List<Long> events = new ArrayList<>();
    for (JsonNode event : open().events()) {
      if (event.path("event").asText().equals("round")) {
        events.add(event.path("round").longValue());
      }
    }
    assertThat(events).isEqualTo(expected);
    assertThat(open().ledger()).extracting(LedgerRound::round).isEqualTo(expected);
    LedgerCheck.Report report = LedgerCheck.verify(open().ledger(), Runs.ORDER);
    assertThat(report.problems()).isEmpty();
    assertThat(report.completeEpochs()).isEqualTo((int) (rounds / Runs.ROUNDS_PER_EPOCH));
  }

  @Test
  void aRunIsRecordedAndReadAgain() throws IOException {
    Runs.work(create(), 6, new ArrayList<>());

    RunDirectory opened = open();
    assertThat(opened.plan()).isEqualTo(Runs.RECORDED);
    assertThat(opened.hasModel()).isTrue();
    assertThat(read(opened.model())).asString().isEqualTo("the model");
    assertEachRoundOnce(6);
    assertThat(read(opened.wholeEvents()))
        .asString()
        .startsWith("{\"event\":\"round\",\"time\":\"2026-11-21T12:00:00Z\",\"round\":0,")
        .endsWith("\"outcome\":\"finished\",\"round\":6,\"seconds\":1.0,\"message\":\"\"}\n");
  }

  @Test
  void onlyTheNewestCheckpointsAreKeptWithTheBestsTheyNeed() throws IOException {
    Runs.work(create(), 7, new ArrayList<>());

    assertThat(files().names(new Path(directory(), "checkpoints")))
        .containsExactly(
            "000000000006-00001.json",
            "000000000006-00001.state",
            "000000000007-00001.json",
            "000000000007-00001.state",
            "best-000000000006-00001.json",
            "best-000000000006-00001.state");
  }

  @Test
  void aResumedRunGoesOnFromTheNewestCheckpointBitForBit() throws IOException {
    Runs.work(create(), 5, new ArrayList<>());

    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      assertIsCheckpoint(session, 5);
      assertThat(session.skipped()).isEmpty();
    }
    Runs.work(open(), 8, new ArrayList<>());
    assertEachRoundOnce(8);
  }

  @Test
  void whatWasWrittenAfterTheLastCheckpointDoesNotCount() throws IOException {
    RunDirectory directory = create();
    Runs.work(directory, 4, new ArrayList<>());
    try (RunSession session = directory.begin(Runs.KEEP, Runs.CLOCK)) {
      for (int round = 4; round < 6; round++) {
        session.record(new RunEvent.Round(round, 0, round, 7, 9.9, 0.5));
        session.record(Runs.ledger(round));
      }
    }
    Runs.work(open(), 8, new ArrayList<>());

    assertEachRoundOnce(8);
    assertThat(open().events()).noneMatch(event -> event.path("loss").asDouble() == 9.9);
  }

  @Test
  void aFlippedBitAnywhereInTheNewestStateMakesTheNextOlderBeTaken() throws IOException {
    Runs.work(create(), 5, new ArrayList<>());
    Path state = checkpointFile(5, ".state");
    byte[] whole = read(state);
    for (int at = 0; at < whole.length; at += 97) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      overwrite(state, flipped);
      CheckpointStore.Recovery recovery = store().restore(Runs.PLAN);
      assertSame(recovery.restored().orElseThrow().checkpoint(), Runs.checkpoint(4));
      assertThat(recovery.skipped())
          .singleElement()
          .asString()
          .contains("000000000005-00001", "damaged", "SHA-256");
    }
  }

  private CheckpointStore store() throws IOException {
    return new CheckpointStore(files(), new Path(directory(), "checkpoints"), Runs.KEEP);
  }

  @Test
  void aTruncatedOrMissingStateMakesTheNextOlderBeTaken() throws IOException {
    Runs.work(create(), 5, new ArrayList<>());
    Path state = checkpointFile(5, ".state");
    byte[] whole = read(state);
    for (int length : new int[] {0, 1, 40, whole.length - 1}) {
      overwrite(state, Arrays.copyOf(whole, length));
      CheckpointStore.Recovery recovery = store().restore(Runs.PLAN);
      assertSame(recovery.restored().orElseThrow().checkpoint(), Runs.checkpoint(4));
      assertThat(recovery.skipped()).singleElement().asString().contains("bytes instead of");
    }
    files().system().delete(state, false);

    assertThat(store().restore(Runs.PLAN).skipped())
        .singleElement()
        .asString()
        .contains("is missing");
  }

  @Test
  void aDamagedManifestMakesTheNextOlderBeTaken() throws IOException {
    Runs.work(create(), 5, new ArrayList<>());
    Path manifest = checkpointFile(5, ".json");
    byte[] whole = read(manifest);
    for (int length : new int[] {0, 1, whole.length / 2}) {
      overwrite(manifest, Arrays.copyOf(whole, length));

      CheckpointStore.Recovery recovery = store().restore(Runs.PLAN);
      assertSame(recovery.restored().orElseThrow().checkpoint(), Runs.checkpoint(4));
    }
  }

  @Test
  void aCheckpointWhoseBestModelIsDamagedCountsAsDamaged() throws IOException {
    Runs.work(create(), 4, new ArrayList<>());
    Path folder = new Path(directory(), "checkpoints");
    files().system().delete(new Path(folder, "best-000000000004-00001.state"), false);

    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      assertIsCheckpoint(session, 3);
      assertThat(session.skipped()).singleElement().asString().contains("best-000000000004");
    }
  }

  @Test
  void damagedCheckpointsAreSetAsideSoThatGoodOnesAreKept() throws IOException {
    Runs.work(create(), 5, new ArrayList<>());
    overwrite(checkpointFile(5, ".state"), new byte[3]);

    Runs.work(open(), 6, new ArrayList<>());

    assertThat(files().names(new Path(directory(), "checkpoints")))
        .contains("000000000005-00001.json.damaged", "000000000005-00002.json");
    assertEachRoundOnce(6);
  }

  @Test
  void aRunWithoutAnyWholeCheckpointBeginsAnew() throws IOException {
    Runs.work(create(), 2, new ArrayList<>());
    overwrite(checkpointFile(1, ".state"), new byte[3]);
    overwrite(checkpointFile(2, ".state"), new byte[3]);

    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      assertThat(session.checkpoint()).isEmpty();
      assertThat(session.skipped()).hasSize(2);
    }
    Runs.work(open(), 3, new ArrayList<>());
    assertEachRoundOnce(3);
  }

  @Test
  void aLongRunHasFewFilesHoweverManyCheckpointsItWrites() throws IOException {
    Runs.work(create(), 60, new ArrayList<>());
    Runs.work(open(), 150, new ArrayList<>());

    assertEachRoundOnce(150);
    for (String log : new String[] {"events", "ledger"}) {
      assertThat(files().names(new Path(directory(), log)))
          .as(log)
          .hasSizeLessThan(2 * SegmentedLog.MAX_SEGMENTS);
    }
    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      assertIsCheckpoint(session, 150);
    }
    assertThat(open().ledger()).hasSize(150);
  }

  @Test
  void anOlderCheckpointStillFindsItsLogsAfterSegmentsWereMerged() throws IOException {
    int rounds = SegmentedLog.MAX_SEGMENTS + 1;
    Runs.work(create(), rounds, new ArrayList<>());
    overwrite(checkpointFile(rounds, ".state"), new byte[3]);

    Runs.work(open(), rounds + 2, new ArrayList<>());

    assertEachRoundOnce(rounds + 2);
  }

  @Test
  void aFinishedRunSaysSoAndOneThatStoppedDoesNot() throws IOException {
    RunDirectory directory = create();
    assertThat(directory.finished()).isFalse();
    Runs.work(directory, 3, new ArrayList<>());
    List<String> before = everything();

    assertThat(open().finished()).isTrue();
    assertThat(open().ending().orElseThrow().outcome()).isEqualTo(RunEvent.Outcome.FINISHED);
    assertThat(everything()).isEqualTo(before);

    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      session.end(new RunEvent.Ended(RunEvent.Outcome.STOPPED, 3, 1, ""));
    }
    assertThat(open().finished()).isFalse();
  }

  @Test
  void anEndSaysWhichEpochWasKept() throws IOException {
    RunDirectory directory = create();
    try (RunSession session = directory.begin(Runs.KEEP, Runs.CLOCK)) {
      session.end(new RunEvent.Ended(RunEvent.Outcome.EARLY, 9, 1, "", 4));
    }

    assertThat(open().ending().orElseThrow())
        .isEqualTo(new RunEvent.Ended(RunEvent.Outcome.EARLY, 9, 1, "", 4));
    List<JsonNode> events = open().events();
    assertThat(events.get(events.size() - 1).path("kept").asInt()).isEqualTo(4);
  }

  @Test
  void theNewestStateIsReadWithoutOwningTheRun() throws IOException {
    RunDirectory directory = create();
    assertThat(open().newest()).isEmpty();
    try (RunSession session = directory.begin(Runs.KEEP, Runs.CLOCK)) {
      session.record(Runs.ledger(0));
      session.save(Runs.checkpoint(1));
      List<String> before = everything();

      SavedState newest = open().newest().orElseThrow();

      assertThat(newest.name()).isEqualTo("000000000001-00001");
      assertSame(newest.checkpoint(), Runs.checkpoint(1));
      assertThat(everything()).isEqualTo(before);
    }
  }

  @Test
  void aRunThatBeginsFromAnotherOneFindsItsStateAsTheCheckpointOfRoundZero() throws IOException {
    Checkpoint last = Runs.checkpoint(5);
    Beginning beginning =
        Beginning.after(
            "runs/first",
            new SavedState("000000000005-00001", last),
            Runs.PLAN,
            Runs.checkpoint(0).state(),
            new float[70]);

    RunDirectory.create(
        files(),
        directory(),
        Runs.RECORDED,
        Optional.of(beginning),
        RunDirectory.IfExists.REFUSE,
        RunDirectory.IfOwned.REFUSE);

    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      Checkpoint start = session.checkpoint().orElseThrow();
      assertThat(start.position()).isEqualTo(Position.START);
      assertThat(start.patience()).isEqualTo(Patience.NONE);
      assertThat(start.state().sameBits(last.state().at(last.state().step(), 0))).isTrue();
      assertThat(start.velocity()).isEqualTo(last.velocity());
      assertThat(session.predecessor())
          .hasValue(new Predecessor("runs/first", "000000000005-00001", Runs.PLAN, 5, 10));
    }
  }

  @Test
  void whatDecidesTheBitsIsRememberedWithEachCheckpointAndAChangeOfItRefused() throws IOException {
    Provenance first = provenance("aa", "bb", "1.0 (abc)");
    RunDirectory directory = create();
    try (RunSession session = begin(first, Set.of())) {
      assertThat(session.changed()).isEmpty();
      session.record(Runs.ledger(0));
      session.save(Runs.checkpoint(1));
    }
    assertThat(open().provenance()).hasValue(first);
    List<String> before = everything();
    Provenance other = provenance("a2", "bb", "1.1 (def)");
    assertThatThrownBy(() -> begin(other, Set.of(Provenance.Aspect.DATA)))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(
            directory.path().toString(),
            "build: was 1.0 (abc), is 1.1 (def)",
            "--accept-changes data,build");
    assertThatThrownBy(() -> begin(other, Set.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data.train: was content aa, is content a2");
    assertThat(everything()).isEqualTo(before);
    assertThat(open().provenance()).hasValue(first);

    try (RunSession session = begin(other, Provenance.Aspect.parse("build, data"))) {
      assertThat(session.changed())
          .extracting(Provenance.Difference::what)
          .containsExactly("data.train", "build");
      session.record(Runs.ledger(1));
      session.save(Runs.checkpoint(1));
    }
    try (RunSession session = begin(other, Set.of())) {
      assertThat(session.changed()).isEmpty();
      session.fail("nothing to do");
    }
    assertThat(open().events())
        .filteredOn(event -> event.path("event").asText().equals("provenance"))
        .extracting(event -> event.path("data").path("train").asText())
        .containsExactly("aa", "a2", "a2");
  }

  private RunSession begin(Provenance now, Set<Provenance.Aspect> accepted) throws IOException {
    return open().begin(Runs.KEEP, Runs.CLOCK, RunDirectory.IfOwned.REFUSE, now, accepted);
  }

  private static Provenance provenance(String train, String test, String build) {
    return new Provenance(
        new TreeMap<>(Map.of("train", train, "test", test)), build, "all", "fma, 256 bits");
  }

  @Test
  void aRunOfTheFirstVersionGoesOn() throws IOException {
    FirstVersion.write(files(), directory());
    assertThat(open().events()).hasSize(3);
    assertThat(open().ledger()).hasSize(3);
    try (RunSession session = begin(provenance("aa", "bb", "1"), Set.of())) {
      assertThat(session.skipped()).isEmpty();
      assertThat(session.checkpoint().orElseThrow().position()).isEqualTo(FirstVersion.POSITION);
      assertThat(session.changed()).isEmpty();
    }
    assertThat(files().read(new Path(directory(), "run.json"))).contains("\"version\" : 2");
    assertThat(open().ledger()).hasSize(1);

    Runs.work(open(), 5, new ArrayList<>());

    assertEachRoundOnce(5);
  }

  @Test
  void aManifestOfALaterVersionIsNotTakenForDamage() throws IOException {
    Runs.work(create(), 2, new ArrayList<>());
    Path manifest = checkpointFile(2, ".json");
    String text = files().read(manifest);
    overwrite(
        manifest,
        text.replace("\"version\" : 2", "\"version\" : 3").getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> open().begin(Runs.KEEP, Runs.CLOCK))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("written by a later Lockstep");
  }

  @Test
  void aLedgerIsComparedWithThePlansEpochsAndTheDataAsItIsNow() throws IOException {
    create();
    try (RunSession session = begin(provenance("aa", "bb", "1"), Set.of())) {
      session.record(Runs.ledger(0));
      session.save(Runs.checkpoint(1));
    }
    Runs.work(open(), 6, new ArrayList<>());

    var right = new LedgerCheck.Expectation(2, Map.of("train", "aa", "test", "bb"));
    assertThat(LedgerCheck.verify(open(), Runs.ORDER, right).problems()).isEmpty();
    var more = new LedgerCheck.Expectation(3, Map.of());
    assertThat(LedgerCheck.verify(open(), Runs.ORDER, more).problems())
        .containsExactly("the run ended as finished, but 2 of its plan's 3 epochs are complete");
    var fewer = new LedgerCheck.Expectation(1, Map.of());
    assertThat(LedgerCheck.verify(open(), Runs.ORDER, fewer).problems())
        .containsExactly("2 epochs were trained, the plan has 1");
    var otherData = new LedgerCheck.Expectation(2, Map.of("train", "ab"));
    assertThat(LedgerCheck.verify(open(), Runs.ORDER, otherData).problems())
        .containsExactly("data.train is not what was trained: its content is ab now, it was aa");
  }

  @Test
  void anotherPlanDoesNotGoOnFromACheckpoint() throws IOException {
    Runs.work(create(), 2, new ArrayList<>());

    assertThatThrownBy(() -> store().restore("another"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("another plan", Runs.PLAN, "Resume without changes");
  }

  @Test
  void aDirectoryWithARunIsRefusedWithBothWaysOut() throws IOException {
    create();

    assertThatThrownBy(this::create)
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("--resume", "--overwrite", "run.directory");
  }

  @Test
  void aForeignDirectoryIsNeverWrittenToNorDeleted() throws IOException {
    Path foreign = new Path(directory(), "thesis.txt");
    overwrite(foreign, "years of work".getBytes(StandardCharsets.UTF_8));

    for (RunDirectory.IfExists ifExists : RunDirectory.IfExists.values()) {
      assertThatThrownBy(() -> RunDirectory.create(files(), directory(), Runs.RECORDED, ifExists))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("not a run directory");
    }
    assertThat(files().names(directory())).containsExactly("thesis.txt");
  }

  @Test
  void overwritingLeavesNothingOfTheEarlierRun() throws IOException {
    Runs.work(create(), 3, new ArrayList<>());

    RunDirectory again =
        RunDirectory.create(files(), directory(), Runs.RECORDED, RunDirectory.IfExists.OVERWRITE);

    assertThat(files().names(directory())).containsExactly("plan.yaml", "run.json");
    Runs.work(again, 2, new ArrayList<>());
    assertEachRoundOnce(2);
  }

  @Test
  void whatCannotBecomeOfADirectoryIsSaidBeforeAndNothingIsLeft() throws IOException {
    Path parent = directory().getParent();
    List<String> before = files().names(parent);
    Path inside = new Path(directory(), "a/b");
    RunDirectory.checkCreatable(files(), inside, IfExists.REFUSE, IfOwned.REFUSE);
    RunDirectory.checkCreatable(files(), directory(), IfExists.REFUSE, IfOwned.REFUSE);
    assertThat(files().names(parent)).isEqualTo(before);

    Path foreign = new Path(directory(), "thesis.txt");
    overwrite(foreign, new byte[1]);
    assertUncreatable(IfExists.OVERWRITE, "not a run directory");
    files().system().delete(foreign, false);

    RunDirectory run = create();
    assertUncreatable(IfExists.REFUSE, "already holds a run");
    try (RunSession first = run.begin(Runs.KEEP, Runs.CLOCK)) {
      first.record(Runs.ledger(0));
      assertUncreatable(IfExists.OVERWRITE, "in use by process");
      List<String> whole = everything();
      assertThatThrownBy(() -> open().checkUsable(IfOwned.REFUSE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("in use by process");
      open().checkUsable(IfOwned.TAKE_OVER);
      assertThat(everything()).isEqualTo(whole);
    }
    open().checkUsable(IfOwned.REFUSE);
    RunDirectory.checkCreatable(files(), directory(), IfExists.OVERWRITE, IfOwned.REFUSE);
  }

  private void assertUncreatable(IfExists ifExists, String why) throws IOException {
    List<String> before = everything();
    assertThatThrownBy(
            () -> RunDirectory.checkCreatable(files(), directory(), ifExists, IfOwned.REFUSE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void openingADirectoryWithoutARunSaysSo() {
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("There is no run in");
  }

  @Test
  void aModelReplacesAnEarlierOne() throws IOException {
    RunDirectory directory = create();
    directory.writeModel(out -> out.write(1));

    directory.writeModel(out -> out.write(2));

    assertThat(read(directory.model())).containsExactly(2);
  }

  @Test
  void aModelReplacesAnEarlierOneAlsoWhereRenameDoesNot() throws IOException {
    create().writeModel(out -> out.write(1));
    var likeHdfs = new Files(new DyingFileSystem(files().system(), 100));

    RunDirectory.open(likeHdfs, directory()).writeModel(out -> out.write(2));

    assertThat(read(open().model())).containsExactly(2);
  }

  @Test
  void aFailedRunNamesTheRoundItReached() throws IOException {
    Runs.work(create(), 3, new ArrayList<>());
    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      session.record(new RunEvent.Round(3, 1, 6, 7, 0.5, 0.25));
      session.record(new RunEvent.Round(4, 1, 8, 7, 0.5, 0.25));
      session.fail("no space left");
    }

    List<JsonNode> events = open().events();
    JsonNode end = events.get(events.size() - 1);
    assertThat(end.path("outcome").asText()).isEqualTo("failed");
    assertThat(end.path("round").asLong()).isEqualTo(5);
    assertThat(end.path("seconds").asDouble()).isEqualTo(3 * 0.5 + 2 * 0.25);
    assertThat(end.path("message").asText()).isEqualTo("no space left");
  }

  @Test
  void aSecondSessionIsRefusedAndWritesNothing() throws IOException {
    RunDirectory directory = create();
    try (RunSession first = directory.begin(Runs.KEEP, Runs.CLOCK)) {
      List<String> before = everything();

      assertThatThrownBy(() -> open().begin(Runs.KEEP, Runs.CLOCK))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll(
              "in use by process " + ProcessHandle.current().pid(),
              "since 2026-11-21T12:00:00Z",
              "--take-over");
      assertThatThrownBy(
              () ->
                  RunDirectory.create(
                      files(), directory(), Runs.RECORDED, RunDirectory.IfExists.OVERWRITE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("in use by process");

      assertThat(everything()).isEqualTo(before);
      first.record(Runs.ledger(0));
      first.save(Runs.checkpoint(1));
    }
    Runs.work(open(), 4, new ArrayList<>());
  }

  @Test
  void ofSeveralThatBeginAtTheSameMomentAtMostOneWorks() throws Exception {
    assumeTrue(makesNewFilesExclusively());
    create();
    for (int attempt = 0; attempt < 10; attempt++) {
      List<RunSession> begun = beginAtOnce(4);
      assertThat(begun).as("attempt %d", attempt).hasSizeLessThanOrEqualTo(1);
      for (RunSession session : begun) {
        session.close();
      }
    }
    Runs.work(open(), 3, new ArrayList<>());
    assertEachRoundOnce(3);
  }

  private List<RunSession> beginAtOnce(int processes) throws Exception {
    var begun = new ArrayList<RunSession>();
    for (Future<RunSession> attempt : atOnce(processes, i -> open().begin(Runs.KEEP, Runs.CLOCK))) {
      try {
        begun.add(attempt.get());
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOfAny(InputException.class, IOException.class);
      }
    }
    return begun;
  }

  @Test
  void ofSeveralThatMakeANewFileAtTheSameMomentOneDoes() throws Exception {
    assumeTrue(makesNewFilesExclusively());
    create();
    for (int attempt = 0; attempt < 20; attempt++) {
      Path target = new Path(directory(), "new-" + attempt);
      int made = 0;
      for (Future<Boolean> each :
          atOnce(4, i -> files().writeNew(target, target.suffix("-" + i), "by " + i))) {
        made += each.get() ? 1 : 0;
      }
      assertThat(made).as("attempt %d", attempt).isEqualTo(1);
      assertThat(files().read(target)).hasSize("by 0".length());
    }
    assertThat(files().names(directory())).hasSize(2 + 20);
  }

  /** What one of several does. */
  @FunctionalInterface
  private interface Work<T> {
    T run(int number) throws Exception;
  }

  private static <T> List<Future<T>> atOnce(int threads, Work<T> work) throws Exception {
    var ready = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      var all = new ArrayList<Callable<T>>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        all.add(
            () -> {
              ready.await();
              return work.run(number);
            });
      }
      return pool.invokeAll(all);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  @SuppressWarnings("try") // the loser is closed while the taker works
  void aSessionThatIsTakenOverWritesNothingMore() throws IOException {
    RunDirectory directory = create();
    try (RunSession lost = directory.begin(Runs.KEEP, Runs.CLOCK)) {
      lost.record(Runs.ledger(0));
      lost.save(Runs.checkpoint(1));

      try (RunSession taker = open().begin(Runs.KEEP, Runs.CLOCK, RunDirectory.IfOwned.TAKE_OVER)) {
        assertThat(taker.checkpoint().map(c -> c.position().round())).hasValue(1L);
        List<String> before = counting(everything());

        assertLost(() -> lost.save(Runs.checkpoint(2)));
        assertLost(() -> lost.saveBest(Runs.model(2)));
        assertLost(() -> lost.writeModel(out -> out.write(1)));
        assertLost(() -> lost.write("evaluation.json", out -> out.write(1)));
        assertLost(() -> lost.fail("lost"));
        lost.close();

        assertThat(counting(everything())).isEqualTo(before);
      }
    }
    Runs.work(open(), 4, new ArrayList<>());
    assertThat(open().ledger()).extracting(LedgerRound::round).containsExactly(0L, 1L, 2L, 3L);
  }

  /** All but the logs of the session that is over, which count no more. */
  private static List<String> counting(List<String> files) {
    return files.stream().filter(file -> !file.matches("(events|ledger)/00001-.*")).toList();
  }

  private static void assertLost(ThrowingCallable write) {
    assertThatThrownBy(write)
        .isInstanceOf(LostOwnershipException.class)
        .hasMessageContainingAll("was taken over by process", "wrote nothing");
  }

  @Test
  void anOwnerOnAnotherHostMayLiveAndHasToBeTakenOver() throws IOException {
    Runs.work(create(), 2, new ArrayList<>());
    overwrite(
        new Path(directory(), "owner-00007.json"),
        "{\"host\":\"node17\",\"pid\":4711,\"user\":\"ann\",\"since\":\"yesterday\"}"
            .getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> open().begin(Runs.KEEP, Runs.CLOCK))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("in use by process 4711 of ann on node17, since yesterday");
    open().begin(Runs.KEEP, Runs.CLOCK, RunDirectory.IfOwned.TAKE_OVER).close();

    Runs.work(open(), 3, new ArrayList<>());
    assertEachRoundOnce(3);
    assertThat(files().names(directory())).noneMatch(Ownership::isOwnerFile);
  }

  @Test
  void anOwnerThatCannotBeReadMayLiveToo() throws IOException {
    create();
    overwrite(new Path(directory(), "owner-00001.json"), new byte[0]);

    assertThatThrownBy(() -> open().begin(Runs.KEEP, Runs.CLOCK))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--take-over");
  }

  /** The name of every file of the run. */
  private List<String> everything() throws IOException {
    var all = new ArrayList<String>();
    for (String folder : new String[] {".", "checkpoints", "events", "ledger"}) {
      Path path = folder.equals(".") ? directory() : new Path(directory(), folder);
      for (String name : files().names(path)) {
        all.add(folder + "/" + name);
      }
    }
    return all;
  }

  @Test
  void afterADeathAtAnyOperationTheNewestCheckpointIsWholeAndTheRunCanBeFinished()
      throws IOException {
    long rounds = 3;
    boolean died = true;
    for (int operations = 0; died; operations++) {
      files().system().delete(directory(), true);
      var saved = new ArrayList<Long>();
      died = dies(operations, rounds, saved);
      assertRecovers(operations, rounds, saved);
      assertThat(operations).as("operations of a run").isLessThan(1000);
    }
  }

  private boolean dies(int operations, long rounds, List<Long> saved) throws IOException {
    var dying = new Files(new DyingFileSystem(files().system(), operations));
    try {
      RunDirectory directory =
          RunDirectory.create(dying, directory(), Runs.RECORDED, RunDirectory.IfExists.REFUSE);
      Runs.work(directory, rounds, saved);
      return false;
    } catch (DyingFileSystem.Death e) {
      return true;
    }
  }

  private void assertRecovers(int operations, long rounds, List<Long> saved) throws IOException {
    String where = "death after operation " + operations;
    if (!files().names(directory()).contains(RunDirectory.IDENTITY)) {
      assertThat(saved).as(where).isEmpty();
      create(); // What a death while making the directory leaves is in nobody's way.
    }
    if (open().hasModel()) {
      assertThat(read(open().model())).as(where).asString().isEqualTo("the model");
    }
    try (RunSession session = open().begin(Runs.KEEP, Runs.CLOCK)) {
      assertThat(session.skipped()).as(where).isEmpty();
      long last = saved.isEmpty() ? 0 : saved.get(saved.size() - 1);
      long found = session.checkpoint().map(c -> c.position().round()).orElse(0L);
      // The save in which it died may or may not have become visible.
      assertThat(found).as(where).isBetween(last, last + 1);
      if (found > 0) {
        assertIsCheckpoint(session, found);
      }
    }
    Runs.work(open(), rounds, new ArrayList<>());
    assertEachRoundOnce(rounds);
    assertThat(files().names(new Path(directory(), "checkpoints")))
        .as(where)
        .noneMatch(name -> name.endsWith(Files.ASIDE));
  }
}
