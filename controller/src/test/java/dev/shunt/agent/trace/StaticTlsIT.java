package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.observe.trace.TlsConnection.State;
import dev.shunt.observe.trace.TraceSource.TraceRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that has the system's OpenSSL linked in, and no more of it than it uses. */
class StaticTlsIT {
  private static final String SOURCE = "src/test/resources/dev/shunt/agent/trace/static_tls.c";

  private Path home;
  private TlsBed bed;

  @BeforeEach
  void start(@TempDir Path directory) {
    home = directory;
    bed = new TlsBed(directory);
  }

  @AfterEach
  void close() {
    bed.close();
  }

  private TalkingProcess program(String... flags) {
    String file = home.resolve("static").toString();
    List<String> compile = new ArrayList<>(List.of("gcc", "-static", "-O1"));
    compile.addAll(List.of(flags));
    compile.addAll(List.of("-o", file, SOURCE, "-lssl", "-lcrypto"));
    TestObjects.run(compile);
    TalkingProcess program = bed.start(file);
    program.expect("ready");
    return program;
  }

  @Test
  void handshake_ofAProgramWithSymbols_isToldAsFailed() {
    TalkingProcess program = program();
    CollectingSink sink = bed.read(program.pid());
    program.say("");
    program.expect("done");

    assertThat(TlsBed.row(sink, program.pid(), State.FAILED).handshake()).isEmpty();
  }

  @Test
  void program_thatIsStripped_isRefusedWithTheReason() {
    TalkingProcess program = program("-s");

    assertThatThrownBy(() -> bed.read(program.pid()))
        .isInstanceOf(TraceRefusedException.class)
        .hasMessageContaining("must not be stripped");
  }
}
