package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.UserCode;
import dev.shunt.datapath.symbols.CodeUse;
import dev.shunt.datapath.symbols.CodeWatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is attached when, and what is tried again. */
class CodeFollowerTest {
  private static final int OWN = (int) ProcessHandle.current().pid();

  /** Beyond what the kernel gives to any. */
  private static final int ENDED = 4_194_305;

  private List<CodeUse> uses = List.of(use(OWN));
  private int errno;
  private final List<UserCode> tried = new ArrayList<>();
  private final List<UserCode> attached = new ArrayList<>();
  private final CodeFollower follower =
      new CodeFollower(CodeKind.TLS, first -> new CodeWatch.Seen(uses, Set.of()), this::attach);

  private static CodeUse use(int pid) {
    return new CodeUse(pid, "library", Path.of("/proc/self/exe"), "/lib/libssl.so");
  }

  private Runnable attach(UserCode code) {
    tried.add(code);
    if (errno != 0) {
      throw new BpfException("attach", "SSL_read", errno);
    }
    attached.add(code);
    return () -> attached.remove(code);
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "8, 1", "12, 2", "24, 2", "16, 2"})
  void refusal_isTriedAgain_unlessItLasts(int errno, int tries) {
    this.errno = errno;
    assertThat(follower.follow(List.of(0)).refusals(0)).hasSize(1);
    assertThat(follower.follow(List.of(0)).refusals(0)).hasSize(1);

    assertThat(tried).hasSize(tries);
  }

  @Test
  void want_thatIsOver_isForgotten() {
    errno = 12;
    follower.follow(List.of(OWN));
    errno = 0;

    assertThat(follower.follow(List.of(OWN)).refusals(OWN)).isEmpty();
    assertThat(attached).extracting(UserCode::pid).containsExactly(OWN);
  }

  @Test
  void process_thatHasEnded_isRefusedAsSuch() {
    uses = List.of(use(ENDED));
    errno = 2;

    CodeFindings found = follower.follow(List.of(ENDED));
    assertThat(found.refusal(ENDED)).contains("(ESRCH/3); it has ended");
    assertThat(found.refusals(ENDED)).isEmpty();
  }

  @Test
  void readers_ofAllAndOfOne_shareWhatIsAttached() {
    follower.follow(List.of(OWN));
    follower.follow(List.of(OWN, 0));
    assertThat(attached).extracting(UserCode::pid).containsExactly(UserCode.EVERYBODY);

    follower.follow(List.of());
    assertThat(attached).isEmpty();
  }

  @Test
  void follower_closed_letsGoAndAttachesNoMore() {
    follower.follow(List.of(0));
    follower.close();

    assertThat(attached).isEmpty();
    assertThatThrownBy(() -> follower.follow(List.of(0))).isInstanceOf(IllegalStateException.class);
    assertThat(attached).isEmpty();
  }
}
