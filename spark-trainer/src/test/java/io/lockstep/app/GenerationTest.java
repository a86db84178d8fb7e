package io.lockstep.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockstep.compute.lanes.Lanes;
import io.lockstep.generate.Sampling;
import io.lockstep.model.RandomLanguageModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts stay what they were, character for character: a function of model, prompt and options. */
class GenerationTest {
  private static final String EMBEDDING = "embedding: 6";
  private static final String LSTM = "lstm: {units: 11, returnSequences: true}";

  @TempDir private static Path folder;
  private static Path letters;
  private static Path words;

  @BeforeAll
  static void write() throws IOException {
    assumeTrue(Lanes.isUsable(), "without fused multiply-adds the last bits are others");
    letters =
        RandomLanguageModel.ofCharacters(
            folder.resolve("letters.zip"), EMBEDDING, LSTM, "dropout: 0.5", LSTM);
    words = RandomLanguageModel.ofWords(folder.resolve("words.zip"), EMBEDDING, LSTM);
  }

  private static String text(Path model, Sampling sampling, long seed) throws IOException {
    return Generation.of(model.toString())
        .prompt(model == words ? "the fox" : "deaf")
        .length(model == words ? 12 : 60)
        .sampling(sampling)
        .seed(seed)
        .run();
  }

  @Test
  void drawnFromAllTokens() throws IOException {
    assertThat(text(letters, Sampling.PLAIN, 42))
        .isEqualTo("lbbjnjhmpbpiidanoall mommapea dnfomoimbeo deonjb\nelcoidkfdmm");
    assertThat(text(letters, Sampling.PLAIN, 43))
        .isEqualTo("moofbfmbfobbbnhkiifi\na ijobfi bomoincfikbimiojnjnmdbj fmhcfb");
  }

  @Test
  void drawnAtOtherTemperatures() throws IOException {
    assertThat(text(letters, new Sampling(0.4, 0, 1), 42))
        .isEqualTo("fombio bcmdomieiokffboommjdbhbibibbbmbbnbbinmiboahcbobinjimm");
    assertThat(text(letters, new Sampling(2, 0, 1), 42))
        .isEqualTo("kibcnnemljliocgnigaadi omplhlhhjhooijmokonfamh i\nladm fpcfmm");
    assertThat(text(letters, new Sampling(0, 0, 1), 42))
        .isEqualTo("mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm");
  }

  @Test
  void drawnFromTheLikeliest() throws IOException {
    assertThat(text(letters, new Sampling(1, 4, 1), 42))
        .isEqualTo("bmmoboomimiombiomiiiobmmmiiibbomommmbmmioobiobbmiiibbmoioomm");
    assertThat(text(letters, new Sampling(1, 0, 0.6), 42))
        .isEqualTo("nomiii bjohbminbmdnnimbmbcn ni i bbbmbb ooi bimbdjdimbij ibb");
    assertThat(text(letters, new Sampling(0.9, 8, 0.8), 42))
        .isEqualTo("jombboib o mmi obn nbmomm  i mimioomommnmbinmbboj jombi iibb");
  }

  @Test
  void drawnAsWords() throws IOException {
    assertThat(text(words, Sampling.PLAIN, 42))
        .isEqualTo(" the dog dog sleeps a sleeps fox dog the a the dog");
  }

  @Test
  void drawnByOtherLayers() throws IOException {
    assertThat(other("gru: {units: 11, returnSequences: true}"))
        .isEqualTo("kojedd jcogojdndoblbo  jjbgbbmppieeedeeho cnmij lgkmemincpee");
    assertThat(other("gru: {units: 11, returnSequences: true, resetAfter: false}"))
        .isEqualTo("dppmpcbmemiccfjp\njoap\ncmmkifa\np\npcmcmccempbomfp\nleoppmfhefcc");
    assertThat(other("simpleRnn: {units: 11, returnSequences: true}"))
        .isEqualTo("j pbe \nan jehbbllanmbj ldlif nella lcelifihbhb acnmb hbcplfa");
  }

  private static String other(String layer) throws IOException {
    Path file = RandomLanguageModel.ofCharacters(folder.resolve("other.zip"), EMBEDDING, layer);
    return text(file, Sampling.PLAIN, 42);
  }
}
