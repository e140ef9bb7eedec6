package dev.shunt.datapath.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.symbols.TextSearch.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts in files of all sizes, also those that change meanwhile. */
class TextSearchTest {
  private static final int BLOCK = TextSearch.BLOCK_BYTES;
  private static final String SECOND = "TLS client start_connect";
  private static final int FILE_BYTES = 3 * BLOCK;

  @TempDir private Path home;

  private final TextSearch search = new TextSearch(List.of("SSLv3/TLS write client hello", SECOND));
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    file = Files.write(home.resolve("program"), new byte[FILE_BYTES]);
  }

  private void put(int at, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), at);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 24, BLOCK - 23, BLOCK - 1, BLOCK, FILE_BYTES - 24})
  void text_anywhere_isFound(int at) throws IOException {
    put(at, SECOND);

    search.advance(file, Long.MAX_VALUE);
    assertThat(search.answer()).isEqualTo(Answer.FOUND);
  }

  @Test
  void text_cutByTheEnd_isAbsent() throws IOException {
    put(FILE_BYTES - SECOND.length(), SECOND);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(FILE_BYTES - 1);
    }

    search.advance(file, Long.MAX_VALUE);
    assertThat(search.answer()).isEqualTo(Answer.ABSENT);
  }

  @Test
  void room_used_goesOnNextTime() throws IOException {
    put(FILE_BYTES - SECOND.length(), SECOND);

    assertThat(search.advance(file, 1)).isEqualTo(BLOCK);
    assertThat(search.answer()).isEqualTo(Answer.UNFINISHED);
    assertThat(search.advance(file, 0)).isZero();
    assertThat(search.advance(file, Long.MAX_VALUE)).isLessThan(FILE_BYTES);
    assertThat(search.answer()).isEqualTo(Answer.FOUND);
  }

  @Test
  void file_thatShrinksMeanwhile_hasComeToItsEnd() throws IOException {
    search.advance(file, 1);
    Files.write(file, new byte[1]);

    search.advance(file, Long.MAX_VALUE);
    assertThat(search.answer()).isEqualTo(Answer.ABSENT);
  }

  @Test
  void file_thatIsGone_isNoAnswer() throws IOException {
    Files.delete(file);

    assertThatThrownBy(() -> search.advance(file, 1)).isInstanceOf(IOException.class);
    assertThat(search.answer()).isEqualTo(Answer.UNFINISHED);
  }

  @Test
  void texts_none_needNoFile() throws IOException {
    TextSearch nothing = new TextSearch(List.of());

    assertThat(nothing.advance(home.resolve("none"), 1)).isZero();
    assertThat(nothing.answer()).isEqualTo(Answer.ABSENT);
  }
}
