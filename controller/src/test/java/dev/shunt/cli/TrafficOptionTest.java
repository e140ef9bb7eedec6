package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What names a network namespace. */
class TrafficOptionTest {
  @Command
  private static final class Followed implements Runnable {
    @Mixin private TrafficOption traffic;

    @Override
    public void run() {
      // only its options count
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop/cart-0, pod:shop/cart-0",
    "pod:shop/cart-0, pod:shop/cart-0",
    "host, host",
    "blue, blue",
    "cookie:17, cookie:17",
    "/run/netns/blue, /run/netns/blue"
  })
  void name_ofAPod_isThatOfItsNamespace(String given, String asked) {
    Followed followed = new Followed();
    new CommandLine(followed).parseArgs("--pod", given);
    assertThat(followed.traffic.namespace()).isEqualTo(asked);
  }
}
